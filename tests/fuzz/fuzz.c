// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/files.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const struct {
	const char *name;
	fuzz_fn *fn;
} targets[] = {
	{"plan", fuzz_plan},	     {"machine", fuzz_machine}, {"variant", fuzz_variant},
	{"config", fuzz_config},     {"mail", fuzz_mail},	{"symbols", fuzz_symbols},
	{"clean", fuzz_clean},	     {"journal", fuzz_journal}, {"channel", fuzz_channel},
	{"counts", fuzz_counts},     {"entry", fuzz_entry},	{"image", fuzz_image},
	{"modules", fuzz_modules},   {"package", fuzz_package}, {"apt", fuzz_apt},
	{"mailinfo", fuzz_mailinfo}, {"layout", fuzz_layout},	{"lkp", fuzz_lkp},
};

static fuzz_fn *target;
static char folder[4096];

void fuzz_must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

const char *fuzz_file(const unsigned char *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	fuzz_must(!ftruncate(fd, 0) && pwrite(fd, data, size, 0) == (ssize_t)size,
		  "a file in memory");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

char *fuzz_text(const unsigned char *data, size_t size, const unsigned char **ret_rest,
		size_t *ret_left)
{
	size_t len = strnlen((const char *)data, size);
	char *text = malloc(len + 1);

	memcpy(text, data, len);
	text[len] = '\0';
	*ret_rest = data + len + (len < size);
	*ret_left = size - len - (len < size);
	return text;
}

static void remove_folder(void)
{
	files_remove(folder);
}

const char *fuzz_folder(void)
{
	const char *above = getenv("TMPDIR");

	if (*folder)
		return folder;
	snprintf(folder, sizeof(folder), "%s/faultbench-fuzz-XXXXXX", above ? above : "/tmp");
	fuzz_must(mkdtemp(folder), "a folder");
	atexit(remove_folder);
	return folder;
}

void fuzz_put(const char *name, const void *data, size_t size)
{
	char *path = files_text("%s/%s", fuzz_folder(), name);

	fuzz_must(files_make_above(path) && files_write(path, data, size), "a file is written");
	free(path);
}

/* FUZZ_TARGET unset: says which targets there are. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");
	size_t i;

	(void)argc;
	(void)argv;
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		if (!name)
			puts(targets[i].name);
		else if (!strcmp(name, targets[i].name))
			target = targets[i].fn;
	}
	if (!target)
		exit(name ? 2 : 0);
	return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	target(data, size);
	return 0;
}
