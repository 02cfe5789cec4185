// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/catalogue.h"
#include "campaign/lkp/lkp.h"
#include "common/clean.h"
#include "common/plan.h"
#include "common/record.h"
#include "kernels/build/config.h"
#include "kernels/build/kconfig.h"
#include "kernels/build/variant.h"
#include "kernels/fetch/listing.h"
#include "kernels/kernel.h"
#include "kernels/objects.h"
#include "kernels/series/mail.h"
#include "runners/exact/home/symbols.h"
#include "runners/machine.h"
#include "tests/fuzz/fuzz.h"

static const char made_up_catalogue[] =
	"[{\"name\":\"fork\",\"variants\":[{\"name\":\"fork\"}],\"params\":["
	"{\"name\":\"size\",\"kind\":\"size\",\"default\":\"1G\",\"min\":4096,\"max\":"
	"1099511627776},"
	"{\"name\":\"order\",\"kind\":\"order\",\"default\":\"0\",\"min\":0,\"max\":64},"
	"{\"name\":\"how\",\"kind\":\"choice\",\"default\":\"a\",\"choices\":[\"a\"],\"min\":0,"
	"\"max\":0}]}]";

/* A plan that is read is one that a journal can hold, and is the same when it is read from there.
 */
void fuzz_plan(const unsigned char *data, size_t size)
{
	json_t *catalogue = json_loads(made_up_catalogue, 0, NULL), *json, *again;
	struct plan plan, back;

	if (plan_read(&plan, fuzz_file(data, size), catalogue, NULL, 0)) {
		json = plan_to_json(&plan);
		fuzz_must(!record_fault(json) && plan_from_json(&back, json), "a plan is a record");
		again = plan_to_json(&back);
		fuzz_must(json_equal(json, again), "a plan is the same when it is read again");
		clean_json(again);
		fuzz_must(json_equal(json, again), "a plan is shown as it is");
		json_decref(again);
		json_decref(json);
		plan_free(&back);
		plan_free(&plan);
	}
	json_decref(catalogue);
}

/* Whatever words are pasted, of what they say something is made, or nothing. */
void fuzz_lkp(const unsigned char *data, size_t size)
{
	const unsigned char *rest;
	size_t left, i;
	char *text = fuzz_text(data, size, &rest, &left);
	static json_t *catalogue;
	json_t *differs, *said;
	struct plan plan;

	if (!catalogue)
		catalogue = catalogue_own();
	if (lkp_plan(&plan, text, catalogue, NULL, 0, &differs)) {
		fuzz_must(plan.nr_points && plan.name, "words are a plan");
		json_array_foreach(differs, i, said)
			fuzz_must(json_is_string(said), "what differs is said");
		json_decref(differs);
		plan_free(&plan);
	}
	free(text);
}

void fuzz_machine(const unsigned char *data, size_t size)
{
	struct machine machine;

	if (machine_read(&machine, fuzz_file(data, size)))
		machine_free(&machine);
}

static const char *value_of(struct variant *variant, const char *section, const char *key)
{
	return ini_file_find(&variant->ini, section, key)->value;
}

/* A variant, a NUL, and the source that it edits. */
void fuzz_variant(const unsigned char *data, size_t size)
{
	const unsigned char *source_data, *rest;
	size_t len, left, i;
	char *text = fuzz_text(data, size, &source_data, &len), *edited;
	char *source = fuzz_text(source_data, len, &rest, &left);
	const struct ini_setting *s;
	struct variant variant;
	int found;

	if (variant_read("", fuzz_file((unsigned char *)text, strlen(text)), &variant)) {
		for (i = 0; i < variant.ini.nr; i++) {
			s = &variant.ini.settings[i];
			if (strcmp(s->key, "file") || !strcmp(s->section, "config"))
				continue; /* it has symbols, of any name */
			edited = variant_edit(source, value_of(&variant, s->section, "function"),
					      value_of(&variant, s->section, "find"),
					      value_of(&variant, s->section, "replace"), &found);
			fuzz_must(!edited == (found != 1), "what is found once is edited");
			free(edited);
		}
		variant_free(&variant);
	}
	free(source);
	free(text);
}

/* A config, a NUL, and a Kconfig file. */
void fuzz_config(const unsigned char *data, size_t size)
{
	const unsigned char *rest;
	size_t left;
	char *text = fuzz_text(data, size, &rest, &left);
	json_t *symbols = json_object(), *other;

	if (fragment_parse(symbols, "fuzz", text))
		free(fragment_text(symbols));
	json_decref(fragment_lost(symbols, text));
	json_decref(symbols);
	kernel_config_arch(text);
	json_decref(kernel_features_of(text, "6.1", "arm64"));
	symbols = objects_parse(text);
	other = objects_parse((const char *)text + strlen(text) / 2);
	json_decref(objects_diff(symbols, other));
	json_decref(other);
	json_decref(symbols);
	fuzz_put("src/mm/Kconfig", rest, left);
	free(kconfig_unmet(fuzz_folder(), "arm64", "A", text));
	free(text);
}

void fuzz_mail(const unsigned char *data, size_t size)
{
	const unsigned char *rest;
	size_t left;
	char *text = fuzz_text(data, size, &rest, &left);
	struct mails mails = {0};
	struct mail mail;

	if (mail_find_diff(text)) {
		mail_of_diff(text, "name", &mail);
		fuzz_must(mail.subject && mail.diff && mail.text, "a diff is a mail");
		mails_add(&mails, &mail);
	}
	mails_free(&mails);
	free(text);
}

/* What `git mailinfo` says of a head. */
void fuzz_mailinfo(const unsigned char *data, size_t size)
{
	const unsigned char *rest;
	size_t left;
	char *text = fuzz_text(data, size, &rest, &left);
	struct mail mail = {.version = 1, .strip = STRIP_UNKNOWN};
	struct mails mails = {0};

	mail_take_info(&mail, text);
	fuzz_must(mail.subject && !strchr(mail.subject, '\n'), "a subject is a line");
	fuzz_must(mail.version >= 0 && mail.version < 10000, "a version is a number");
	fuzz_must(!mail.numbered || (mail.nr >= 0 && mail.of > 0 && mail.of < 10000),
		  "a patch has a number of a series");
	fuzz_must(!*mail.subject || strstr(text, mail.subject), "it stands there");
	fuzz_must(!*mail.subject || !strncmp(text, "Subject: ", 9) || strstr(text, "\nSubject: "),
		  "it stands in a line of its own");
	mails_add(&mails, &mail);
	mails_free(&mails);
	free(text);
}

#define PARTS 8 /* of a kernel */

/* What `apt-cache show`, `policy` and `pkgnames` print, and what apt says when it fails. */
void fuzz_apt(const unsigned char *data, size_t size)
{
	const unsigned char *rest;
	size_t left, i;
	char *text = fuzz_text(data, size, &rest, &left), reason[256];
	char *depends = listing_field(text, "Depends"), *version = listing_field(text, "Version");
	json_t *parts = json_pack("[s]", "linux-image-arm64"), *part;

	if (depends)
		listing_add_parts(parts, depends, PARTS);
	listing_add_parts(parts, text, PARTS);
	fuzz_must(json_array_size(parts) <= PARTS, "a kernel has so many packages");
	json_array_foreach(parts, i, part) {
		fuzz_must(listing_is_name(json_string_value(part)), "packages have names");
	}
	fuzz_must(!version || !strchr(version, '\n'), "a version is a line");
	fuzz_must(!strchr(listing_reason(text, reason), '\n'), "a reason is a line");
	listing_has_candidate(text);
	listing_is_cloud(text, "arm64");
	json_decref(parts);
	free(version);
	free(depends);
	free(text);
}

void fuzz_symbols(const unsigned char *data, size_t size)
{
	const unsigned char *rest;
	size_t left, i;
	char *text = fuzz_text(data, size, &rest, &left), *lines = NULL;
	const struct arch *arch;
	struct symbols symbols;
	FILE *out;

	if (symbols_read(&symbols, text)) {
		for (i = 0; i < symbols.nr; i++)
			fuzz_must(symbols_find(&symbols, symbols.symbol[i].addr) ==
					  &symbols.symbol[i],
				  "a function is where it is");
		symbols_find(&symbols, 0);
		symbols_find(&symbols, UINT64_MAX);
		for (arch = arch_list; arch->name; arch++) {
			out = open_memstream(&lines, &left);
			symbols_write_entries(&symbols, arch, out);
			fclose(out);
			free(lines);
		}
		symbols_free(&symbols);
	}
	free(text);
}

void fuzz_clean(const unsigned char *data, size_t size)
{
	const unsigned char *rest;
	size_t left;
	char *text = fuzz_text(data, size, &rest, &left), *shown = clean_text(text);
	json_t *json = json_string(shown);

	fuzz_must(json, "what is shown is UTF-8");
	fuzz_must(clean_is(shown), "what is shown can be shown");
	fuzz_must(clean_is(text) == !strcmp(text, shown), "what can be shown is shown as it is");
	json_decref(json);
	free(shown);
	free(text);
}
