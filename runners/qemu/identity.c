// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "common/map.h"
#include "common/sha256.h"
#include "runners/closure.h"
#include "runners/exact/emulator.h"
#include "runners/qemu/command.h"
#include "runners/qemu/initramfs.h"

/* A file that was looked into: it is not again, unless it has changed since. */
struct known {
	struct file_map is; /* its data are gone */
	char text[SHA256_TEXT];
};

static struct known *known;
static size_t nr_known;

static struct known *find_known(const struct file_map *file)
{
	const struct file_map *is;
	size_t i;

	for (i = 0; i < nr_known; i++) {
		is = &known[i].is;
		if (is->device == file->device && is->inode == file->inode &&
		    is->len == file->len && is->changed.tv_sec == file->changed.tv_sec &&
		    is->changed.tv_nsec == file->changed.tv_nsec)
			return &known[i];
	}
	return NULL;
}

static struct known *add_known(const struct file_map *file)
{
	struct known *more = realloc(known, (nr_known + 1) * sizeof(*more));

	if (!more)
		abort();
	known = more;
	known[nr_known] = (struct known){.is = *file};
	return &known[nr_known++];
}

/* A line with name and checksum. */
static bool put_sum(void *arg, const char *name, const struct file_map *file)
{
	struct known *k = find_known(file);

	if (!k) {
		k = add_known(file);
		sha256_data(file->data, file->len, k->text);
	}
	fprintf(arg, "%s %s\n", name, k->text);
	return true;
}

/* The worker and its libraries. */
static bool put_worker(FILE *out, const struct arch *arch)
{
	char *worker = worker_path(arch), *sysroot = worker ? worker_sysroot(arch, worker) : NULL;
	struct file_map m;
	bool ok = sysroot && map_file(worker, &m);

	if (ok) {
		put_sum(out, "worker", &m);
		ok = closure_each(worker, &m, sysroot, put_sum, out);
		unmap_file(&m);
	}
	free(sysroot);
	free(worker);
	return ok;
}

/* What counts. */
static bool put_plugin(FILE *out, const struct arch *arch)
{
	char *plugin = emulator_plugin(arch);
	struct file_map m;
	bool ok = plugin && map_file(plugin, &m);

	if (ok) {
		put_sum(out, "plugin", &m);
		unmap_file(&m);
	}
	free(plugin);
	return ok;
}

/* What the machine tells of itself: QEMU's version. */
static void put_told(FILE *out, const struct machine *m)
{
	json_t *about = json_object();
	char *text;

	machine_tell(m, about);
	text = json_dumps(about, JSON_COMPACT | JSON_SORT_KEYS);
	fprintf(out, "%s\n", text ? text : "");
	free(text);
	json_decref(about);
}

static void put_command(FILE *out, const struct machine *m, bool kvm, int boot)
{
	/* As in a command line, but for names and numbers that are others each time. */
	const struct qemu_fds fds = {3, 4, 5, 6, 0, false, NULL};
	struct words w = {0};
	size_t i;

	qemu_command(&w, m, "IMAGE", kvm, &fds, "PLUGIN", boot);
	for (i = 0; i < w.nr; i++)
		fprintf(out, "%s ", w.word[i]);
	fputc('\n', out);
	words_free(&w);
}

char *qemu_identity(const struct runner_boot *wanted)
{
	const struct machine *m = wanted->machine;
	bool kvm = machine_timed(m), ok;
	struct utsname uts = {0};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (kvm)
		uname(&uts); /* times are this host's */
	put_command(out, m, kvm, (int)json_integer_value(json_object_get(wanted->request, "boot")));
	put_told(out, m);
	fprintf(out, "host %s %s\n", uts.nodename, uts.release);
	ok = put_worker(out, m->arch) && (!m->counts || put_plugin(out, m->arch));
	fclose(out);
	if (!ok) {
		free(text);
		text = NULL;
	}
	return text;
}
