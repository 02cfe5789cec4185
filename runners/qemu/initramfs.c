// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/initramfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/map.h"
#include "common/msg.h"
#include "runners/closure.h"

#define MAX_FILES 128

struct archive {
	FILE *out;
	char *names[MAX_FILES]; /* what is in there, "lib/x.so" */
	size_t nr;
	unsigned int inode; /* the last one given: the same content is the same to the byte */
};

/* One entry of the "newc" format (Documentation/driver-api/early-userspace/buffer-format.rst). */
static void put_entry(struct archive *a, const char *name, unsigned int mode,
		      const unsigned char *data, size_t size)
{
	static const char zeros[4];
	size_t head = 110 + strlen(name) + 1;

	fprintf(a->out, "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X", ++a->inode,
		mode, 0, 0, 1, 0, size, 0, 0, 0, 0, strlen(name) + 1, 0);
	fwrite(name, 1, strlen(name) + 1, a->out);
	fwrite(zeros, 1, -head & 3, a->out);
	if (size)
		fwrite(data, 1, size, a->out);
	fwrite(zeros, 1, -size & 3, a->out);
}

static bool have(const struct archive *a, const char *name)
{
	size_t i;

	for (i = 0; i < a->nr; i++)
		if (!strcmp(a->names[i], name))
			return true;
	return false;
}

static void remember(struct archive *a, const char *name)
{
	if (a->nr < MAX_FILES)
		a->names[a->nr++] = strdup(name);
}

/* The folders above a name, each once. */
static void put_folders(struct archive *a, const char *name)
{
	char folder[512];
	const char *p;

	for (p = strchr(name, '/'); p; p = strchr(p + 1, '/')) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(p - name), name);
		if (have(a, folder))
			continue;
		put_entry(a, folder, 040755, NULL, 0);
		remember(a, folder);
	}
}

static bool put_file(struct archive *a, const char *name, const struct file_map *m)
{
	if (have(a, name))
		return true;
	put_folders(a, name);
	put_entry(a, name, 0100755, m->data, m->len);
	remember(a, name);
	return a->nr < MAX_FILES || err("initramfs: more than %d files", MAX_FILES);
}

static bool put_needed(void *arg, const char *name, const struct file_map *m)
{
	return put_file(arg, name, m);
}

static bool put_modules(struct archive *a, char *const *modules, size_t nr)
{
	const char *slash;
	struct file_map m;
	char name[512];
	size_t i;
	bool ok;

	for (i = 0; i < nr; i++) {
		if (!map_file(modules[i], &m))
			return false;
		slash = strrchr(modules[i], '/');
		snprintf(name, sizeof(name), "modules/%02zu-%s", i, slash ? slash + 1 : modules[i]);
		ok = put_file(a, name, &m);
		unmap_file(&m);
		if (!ok)
			return false;
	}
	return true;
}

static bool put_config(struct archive *a, const char *config, const char *release)
{
	struct file_map m;
	char name[256];
	bool ok;

	if (!config)
		return true;
	if (!map_file(config, &m))
		return false;
	snprintf(name, sizeof(name), "boot/config-%s", release);
	ok = put_file(a, name, &m);
	unmap_file(&m);
	return ok;
}

bool initramfs_write(int fd, const struct initramfs *content)
{
	struct archive a = {.out = fdopen(dup(fd), "we")};
	struct file_map m;
	bool ok = false;
	size_t i;

	if (!a.out || !map_file(content->worker, &m)) {
		err_errno("%s", content->worker);
		goto out;
	}
	put_folders(&a, "proc/x");
	put_folders(&a, "sys/x");
	put_folders(&a, "dev/x");
	put_folders(&a, "tmp/x");
	ok = put_file(&a, "init", &m) &&
	     closure_each(content->worker, &m, content->sysroot, put_needed, &a) &&
	     put_modules(&a, content->modules, content->nr_modules) &&
	     put_config(&a, content->config, content->release);
	if (content->request)
		put_entry(&a, content->console ? "console-request" : "request", 0100644,
			  (const unsigned char *)content->request, strlen(content->request));
	put_entry(&a, "TRAILER!!!", 0, NULL, 0);
	unmap_file(&m);
out:
	for (i = 0; i < a.nr; i++)
		free(a.names[i]);
	if (a.out && fclose(a.out) && ok)
		ok = err_errno("initramfs: cannot be written");
	return ok;
}

int initramfs_make(const struct arch *arch, const struct runner_kernel *kernel, const char *request,
		   bool console)
{
	char *worker = worker_path(arch), *sysroot = worker ? worker_sysroot(arch, worker) : NULL;
	struct initramfs content = {
		.worker = worker,
		.sysroot = sysroot,
		.modules = kernel->modules,
		.nr_modules = kernel->nr_modules,
		.config = kernel->config,
		.release = kernel->release,
		.request = request,
		.console = console,
	};
	int fd = memfd_create("initramfs", MFD_CLOEXEC);

	if (fd < 0)
		err_errno("initramfs");
	if (fd >= 0 && (!sysroot || !initramfs_write(fd, &content))) {
		close(fd);
		fd = -1;
	}
	free(sysroot);
	free(worker);
	return fd;
}
