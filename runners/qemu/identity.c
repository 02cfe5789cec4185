// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/sha256.h"
#include "runners/exact/emulator.h"
#include "runners/qemu/command.h"
#include "runners/qemu/initramfs.h"

/* The worker, its libraries and the kernel's modules; what it is asked is known by itself. */
static bool sum_initramfs(const struct runner_boot *wanted, char ret[SHA256_TEXT])
{
	int fd = initramfs_make(wanted->machine->arch, wanted->kernel, NULL);
	bool ok = fd >= 0;

	if (ok)
		ok = (!lseek(fd, 0, SEEK_SET) && sha256_fd(fd, ret)) ||
		     err_errno("an initramfs cannot be read");
	if (fd >= 0)
		close(fd);
	return ok;
}

/* The checksum of the plugin that counts, malloc'ed; NULL with a message printed. */
static char *sum_plugin(const struct machine *m)
{
	char *plugin = emulator_plugin(m->arch), *sum = plugin ? files_sha256(plugin) : NULL;

	free(plugin);
	return sum;
}

char *qemu_identity(const struct runner_boot *wanted)
{
	/* As in a command line, but for names and numbers that are others each time. */
	const struct qemu_fds fds = {3, 4, 5, 6, false};
	const struct machine *m = wanted->machine;
	char sum[SHA256_TEXT], *plugin = NULL, *text = NULL, *version;
	bool kvm = machine_timed(m);
	json_t *about = json_object();
	struct utsname uts = {0};
	struct words w = {0};
	size_t size, i;
	FILE *out;

	if (!sum_initramfs(wanted, sum) || (m->counts && !(plugin = sum_plugin(m))))
		goto out;
	if (kvm)
		uname(&uts); /* times are this host's */
	qemu_command(&w, m, "IMAGE", kvm, &fds, "PLUGIN",
		     (int)json_integer_value(json_object_get(wanted->request, "boot")));
	machine_tell(m, about);
	version = json_dumps(about, JSON_COMPACT | JSON_SORT_KEYS);
	out = open_memstream(&text, &size);
	if (!out || !version)
		abort();
	for (i = 0; i < w.nr; i++)
		fprintf(out, "%s ", w.word[i]);
	fprintf(out, "\n%s\ninitramfs %s\nplugin %s\nhost %s %s\n", version, sum,
		plugin ? plugin : "", uts.nodename, uts.release);
	fclose(out);
	free(version);
	words_free(&w);
out:
	json_decref(about);
	free(plugin);
	return text;
}
