// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch.h"
#include "cli/batch/lava_files.h"
#include "common/files.h"
#include "common/msg.h"
#include "runners/machine.h"

#define DEPLOY_S 600 /* for getting the files */

/* A scalar in quotes. */
static void put_text(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text; text++)
		fprintf(out, *text == '\'' ? "''" : "%c", *text);
	fputc('\'', out);
}

static const char *word(const struct lava_boot *boot, const char *key)
{
	return json_string_value(json_object_get(boot->words, key));
}

static long long number(const struct lava_boot *boot, const char *key)
{
	return json_integer_value(json_object_get(boot->words, key));
}

static void put_file(FILE *out, const char *url, const char *name, const char *sum)
{
	fprintf(out, "%s/%s\n        sha256sum: %s\n", url, name, sum);
}

/* Boots in one job do not know each other: of the devices of QEMU each has its own. */
static void put_begin(FILE *out, const char *kind, const struct lava_boot *boot, long long limit_s,
		      const char *device)
{
	fprintf(out, "- %s:\n", kind);
	if (!device)
		fprintf(out, "    namespace: %s\n", boot->name);
	fprintf(out, "    timeout: {seconds: %lld}\n", limit_s);
}

static void deploy_qemu(FILE *out, const struct lava_boot *boot, const char *url)
{
	char *words = files_text("-kernel {kernel} -append \"%s\" -smp %lld -no-reboot",
				 word(boot, "append"), number(boot, "vcpus"));

	fputs("    to: tmpfs\n    images:\n      kernel:\n        image_arg: ", out);
	put_text(out, words);
	fputs("\n        url: ", out);
	put_file(out, url, boot->image, boot->image_sum);
	fputs("      initrd:\n        image_arg: '-initrd {initrd}'\n        url: ", out);
	put_file(out, url, boot->initrd, boot->initrd_sum);
	free(words);
}

static void deploy_board(FILE *out, const struct lava_boot *boot, const char *url)
{
	fputs("    to: tftp\n    kernel:\n        type: image\n        url: ", out);
	put_file(out, url, boot->image, boot->image_sum);
	fputs("    ramdisk:\n        install_modules: false\n        install_overlay: false\n"
	      "        url: ",
	      out);
	put_file(out, url, boot->initrd, boot->initrd_sum);
}

static const char monitors[] =
	"      start: 'faultbench: start'\n"
	"      end: 'faultbench: end'\n"
	"      pattern: 'faultbench: case (?P<test_case_id>\\w+) (?P<result>pass|fail|skip) "
	"(?:(?P<measurement>[0-9.]+)|-) (?P<units>\\w+);'\n";

static void put_boot(FILE *out, const struct lava_boot *boot, const struct batch *b,
		     const char *url)
{
	long long limit_s = number(boot, "time_limit_s");

	put_begin(out, "deploy", boot, DEPLOY_S, b->device);
	(b->device ? deploy_board : deploy_qemu)(out, boot, url);
	put_begin(out, "boot", boot, limit_s, b->device);
	fputs(b->device ? "    method: u-boot\n    commands: ramdisk\n"
			: "    method: qemu\n    media: tmpfs\n",
	      out);
	/* The kernel says nothing but errors. */
	fputs("    parameters: {kernel-start-message: ''}\n    prompts: ['faultbench: ready']\n",
	      out);
	put_begin(out, "test", boot, limit_s, b->device);
	fprintf(out, "    monitors:\n    - name: %s\n%s", boot->name, monitors);
}

static void put_head(FILE *out, const struct lava_boot *first, size_t nr, const struct batch *b,
		     const struct machine *machine)
{
	long long limit_s = number(first, "time_limit_s");

	fprintf(out,
		"# A job of LAVA's: each boot is a suite of its own, of the kernel's name, and "
		"each "
		"run in it a case\n"
		"# with its time in us. The files are those of %s.lava.\n"
		"job_name: faultbench %s\ndevice_type: ",
		b->name, b->name);
	put_text(out, b->device ? b->device : "qemu");
	fprintf(out,
		"\ntimeouts:\n  job: {seconds: %lld}\n  action: {seconds: %lld}\n"
		"  connection: {seconds: %lld}\nvisibility: public\ncontext:\n",
		(long long)nr * (DEPLOY_S + 2 * limit_s), DEPLOY_S + limit_s, limit_s);
	if (b->device)
		fputs("  extra_kernel_args: 'panic=-1 oops=panic loglevel=4'\n", out);
	else
		fprintf(out, "  arch: %s\n  machine: '%s'\n  cpu: '%s'\n  memory: %lld\n",
			machine->arch->name, word(first, "machine"), word(first, "cpu"),
			number(first, "memory_MiB"));
	fputs("actions:\n", out);
}

/* Words of a command line in a command line. */
static bool fits(const struct lava_boot *boot)
{
	return !strpbrk(word(boot, "append"), "\"\\") ||
	       err("cmdline: quotes and backslashes have no place in a job");
}

bool batch_lava(FILE *out, const struct batch *b)
{
	char *folder = files_text("%s.lava", b->name), *there = NULL, *url;
	struct lava_boot *boots;
	bool ok = false;
	size_t nr, i;

	boots = lava_files(&b->asked.campaign, folder, &nr);
	if (boots && fits(boots)) {
		there = realpath(folder, NULL);
		url = b->url ? strdup(b->url) : files_text("file://%s", there ? there : folder);
		put_head(out, boots, nr, b, &b->asked.machine);
		for (i = 0; i < nr; i++)
			put_boot(out, &boots[i], b, url);
		free(url);
		free(there);
		ok = true;
	}
	if (boots)
		lava_files_free(boots, nr);
	free(folder);
	return ok;
}
