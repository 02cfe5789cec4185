// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "campaign/alone/folder.h"
#include "campaign/alone/status.h"
#include "cli/alone/alone.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/record.h"
#include "common/units.h"

struct status_options {
	const char *out;
	bool json;
};

/* A campaign, and who is at it. */
struct found {
	const char *journal;
	bool under_way; /* it is gone on with after the next boot */
	pid_t holder;	/* who carries it out now; 0: nobody */
	struct alone_status s;
};

static const char *state_of(const struct found *f)
{
	const struct alone_state *st = &f->s.state;

	if (f->holder)
		return st->last.open && !*st->last.id ? "starting a kernel" : "measuring";
	if (f->under_way)
		return "waiting for the next boot";
	return *st->status && !st->begun ? st->status : "not under way";
}

static void print_last(const struct found *f)
{
	const struct alone_try *last = &f->s.state.last;
	char when[UNITS_TEXT];

	if (!last->open || !f->under_way)
		return;
	printf("boot %d of %s, try %d, since %s\n", last->boot, f->s.labels[last->kernel],
	       f->s.state.of[last->kernel].tries, units_when(last->when, when));
}

static void print_text(const struct found *f)
{
	const struct alone_status *s = &f->s;
	size_t i;

	printf("%s into %s: %s\n", s->plan.name, f->journal, state_of(f));
	print_last(f);
	for (i = 0; i < s->state.nr; i++) {
		printf("%s: %d of %d boots", s->labels[i], s->complete[i], s->plan.boots);
		if (*s->state.of[i].why)
			printf("; %s%s",
			       s->state.of[i].given_up ? "" : "last failure: ", s->state.of[i].why);
		printf("\n");
	}
}

static json_t *kernel_json(const struct alone_status *s, size_t i)
{
	const struct alone_kernel *k = &s->state.of[i];

	return json_pack("{s:s,s:i,s:i,s:i,s:b,s:s*}", "kernel", s->labels[i], "complete",
			 s->complete[i], "boots", s->plan.boots, "tries", k->tries, "given_up",
			 k->given_up, "reason", *k->why ? k->why : NULL);
}

static void print_json(const struct found *f)
{
	const struct alone_status *s = &f->s;
	const struct alone_try *last = &s->state.last;
	json_t *kernels = json_array(), *json;
	size_t i;

	for (i = 0; i < s->state.nr; i++)
		json_array_append_new(kernels, kernel_json(s, i));
	json = json_pack("{s:s,s:s,s:s,s:b,s:i,s:o}", "plan", s->plan.name, "journal", f->journal,
			 "state", state_of(f), "under_way", f->under_way, "pid", (int)f->holder,
			 "kernels", kernels);
	if (last->open && f->under_way)
		json_object_set_new(json, "now",
				    json_pack("{s:s,s:i,s:o}", "kernel", s->labels[last->kernel],
					      "boot", last->boot, "since",
					      record_seconds(last->when)));
	json_dumpf(json, stdout, JSON_INDENT(2));
	printf("\n");
	json_decref(json);
}

static int print_found(struct found *f, bool json)
{
	if (!alone_status_read(&f->s, f->journal))
		return EXIT_USAGE;
	(json ? print_json : print_text)(f);
	alone_status_free(&f->s);
	return EXIT_OK;
}

/* Of the journal that was named, whether it is under way or not; else of what is. */
static int print_status(struct alone_folder *folder, const struct status_options *o)
{
	struct found f = {.journal = o->out};
	struct alone_task task = {0};
	int status = EXIT_USAGE;
	bool bad = false;

	alone_task_read(folder, &task, &bad);
	f.under_way = task.json && (!o->out || alone_task_is_into(&task, o->out));
	if (f.under_way)
		f.journal = task.journal;
	if (f.under_way)
		f.holder = alone_folder_holder(folder);
	if (f.journal)
		status = print_found(&f, o->json);
	else if (!bad && o->json)
		status = printf("{\"state\": \"not under way\"}\n") > 0 ? EXIT_OK : EXIT_USAGE;
	else if (!bad)
		status = printf("no campaign is under way\n") > 0 ? EXIT_OK : EXIT_USAGE;
	alone_task_free(&task);
	return status;
}

static int cmd_status(int argc, char **argv)
{
	struct status_options o = {0};
	struct alone_folder folder;
	int status = EXIT_USAGE;

	if (!options_read(&command_campaign_status, argc, argv, &o, &status))
		return status;
	if (alone_folder_open(&folder, NULL, false))
		status = print_status(&folder, &o);
	alone_folder_close(&folder);
	return status;
}

static const struct cli_option options[] = {
	{"out", "J",
	 "the journal of a campaign that may have ended (default: of the one under way)",
	 OPTION_AT(struct status_options, out), .kind = WORD_JOURNAL},
	WORDS_JSON(struct status_options),
	{0},
};

static const struct cli_example examples[] = {
	{"campaign status", "how far this machine is"},
	{0},
};

const struct command command_campaign_status = {
	.name = "campaign status",
	.summary = "how far `run --unattended` is",
	.about = "Which boot is under way, how many of each kernel are complete, what failed last "
		 "and which kernels were given up for what reason.",
	.options = options,
	.examples = examples,
	.run = cmd_status,
};
