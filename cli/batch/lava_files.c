// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/batch/lava_files.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/progress.h"
#include "campaign/request.h"
#include "common/files.h"
#include "common/msg.h"

/* A text of letters, digits and what else is allowed; any other character is `other`. */
static void keep_plain(char *text, const char *also, char other)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr(also, *text))
			*text = other;
}

/* "fault_write_order_0": as LAVA would make it, and no two the same. A new array, a point each. */
static json_t *case_names(const struct plan *plan)
{
	json_t *names = json_array(), *seen = json_object();
	char *name, *another, *c;
	size_t i;

	for (i = 0; i < plan->nr_points; i++) {
		name = progress_point_name(plan, plan->points[i].point);
		keep_plain(name, "", '_');
		for (c = name; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		if (json_object_get(seen, name)) {
			another = files_text("%s_point_%zu", name, i);
			free(name);
			name = another;
		}
		json_object_set_new(seen, name, json_true());
		json_array_append_new(names, json_string(name));
		free(name);
	}
	json_decref(seen);
	return names;
}

static json_t *make_request(const struct campaign *c, int boot)
{
	json_t *todo = plan_all_steps(c->plan), *request = request_make(c, c->plan, boot, todo);

	json_decref(todo);
	json_object_set_new(request, "console", case_names(c->plan));
	return request;
}

/* It is the same for all boots of a kernel: its first one puts it there. */
static bool put_image(const struct campaign_kernel *kernel, int nr, const char *folder,
		      struct lava_boot *boot, const char *label)
{
	char *path;
	bool ok;

	boot->image = files_text("%s.image", label);
	path = files_text("%s/%s", folder, boot->image);
	ok = (nr || files_copy(kernel->start.image, path)) &&
	     (boot->image_sum = files_sha256(path));
	free(path);
	return ok;
}

static bool put_initrd(const struct campaign *c, const struct campaign_kernel *kernel, int nr,
		       const char *folder, struct lava_boot *boot)
{
	struct runner_boot wanted = {.machine = c->machine,
				     .kernel = &kernel->start,
				     .what = boot->name,
				     .request = make_request(c, nr)};
	char *from, *path;
	bool ok;
	int fd;

	boot->initrd = files_text("%s.cpio", boot->name);
	boot->words = machine_pack(&wanted, &fd);
	json_decref(wanted.request);
	if (!boot->words)
		return false;
	from = files_text("/proc/self/fd/%d", fd);
	path = files_text("%s/%s", folder, boot->initrd);
	ok = files_copy(from, path) && (boot->initrd_sum = files_sha256(path));
	close(fd);
	free(from);
	free(path);
	return ok;
}

/* Kernels by names that are plain; two that then have the same one are told apart by number. */
static char *plain_label(const struct campaign *c, size_t kernel)
{
	char *label = strdup(c->kernels[kernel].label), *other, *numbered;
	bool same = false;
	size_t i;

	keep_plain(label, "_.-", '-');
	for (i = 0; i < kernel; i++) {
		other = strdup(c->kernels[i].label);
		keep_plain(other, "_.-", '-');
		same = same || !strcmp(label, other);
		free(other);
	}
	if (!same)
		return label;
	numbered = files_text("%s-%zu", label, kernel);
	free(label);
	return numbered;
}

static bool put_boot(const struct campaign *c, size_t nr, const char *folder,
		     struct lava_boot *boot)
{
	int number;
	size_t kernel = plan_turn(c->plan, c->nr_kernels, nr, &number);
	char *label = plain_label(c, kernel);
	bool ok;

	boot->name = files_text("%s-boot%d", label, number);
	ok = put_image(&c->kernels[kernel], number, folder, boot, label) &&
	     put_initrd(c, &c->kernels[kernel], number, folder, boot);
	free(label);
	return ok;
}

struct lava_boot *lava_files(const struct campaign *campaign, const char *folder, size_t *ret_nr)
{
	size_t nr = campaign->nr_kernels * (size_t)campaign->plan->boots, i;
	struct lava_boot *boots = calloc(nr, sizeof(*boots));
	bool ok = true;

	if (!boots)
		abort();
	ok = files_make_dirs(folder);
	for (i = 0; ok && i < nr; i++)
		ok = put_boot(campaign, i, folder, &boots[i]);
	if (!ok) {
		lava_files_free(boots, nr);
		return NULL;
	}
	*ret_nr = nr;
	return boots;
}

void lava_files_free(struct lava_boot *boots, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		free(boots[i].name);
		free(boots[i].image);
		free(boots[i].initrd);
		free(boots[i].image_sum);
		free(boots[i].initrd_sum);
		json_decref(boots[i].words);
	}
	free(boots);
}
