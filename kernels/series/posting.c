// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/series/posting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/msg.h"
#include "kernels/cache.h"
#include "kernels/series/gather.h"
#include "kernels/work.h"

#define HASH_LEN 40

/* Mails that are not applied, by the reason. */
struct left_out {
	size_t covers, replies, answers; /* answers: replies with a diff */
	size_t older, twice, bare;
};

static bool is_cover(const struct mail *mail)
{
	return !mail->reply && mail->numbered && !mail->nr;
}

/* A numbered mail without a diff is a commit that changes nothing. */
static bool is_patch(const struct mail *mail)
{
	return !mail->reply && !is_cover(mail) && (mail->has_diff || mail->numbered);
}

/* --- which of them -----------------------------------------------------------------------------
 */

static int newest_version(const struct mails *mails)
{
	int version = 0;
	size_t i;

	for (i = 0; i < mails->nr; i++)
		if (is_patch(&mails->mail[i]) && mails->mail[i].version > version)
			version = mails->mail[i].version;
	return version;
}

/* Takes the patches of that version, in the order in which they stand. */
static void take_version(struct posting *p, int version, struct left_out *out)
{
	const struct mail *mail;
	size_t i;

	for (i = 0; i < p->mails.nr; i++) {
		mail = &p->mails.mail[i];
		out->covers += is_cover(mail);
		out->replies += mail->reply && !mail->has_diff;
		out->answers += mail->reply && mail->has_diff;
		out->bare += !mail->reply && !mail->numbered && !mail->has_diff;
		out->older += is_patch(mail) && mail->version < version;
		if (is_patch(mail) && mail->version == version)
			p->patch[p->nr++] = mail;
	}
}

static int by_number(const void *a, const void *b)
{
	const struct mail *one = *(const struct mail *const *)a;
	const struct mail *two = *(const struct mail *const *)b;

	/* Those of one number as they stand: their array is one. */
	return one->nr != two->nr ? one->nr - two->nr : one < two ? -1 : one > two;
}

/* A patch that is there twice, as a list and a copy to oneself bring it, is one. They are sorted.
 */
static enum exit_status drop_twice(struct posting *p, struct left_out *out)
{
	const struct mail *last, *mail;
	size_t i, to = 1;

	for (i = 1; i < p->nr; i++) {
		last = p->patch[to - 1];
		mail = p->patch[i];
		if (last->nr != mail->nr) {
			p->patch[to++] = mail;
		} else if (last->of == mail->of && !strcmp(last->diff, mail->diff)) {
			out->twice++;
		} else {
			err("%s and %s: %d/%d (%s) and %d/%d (%s) are two patches: one series at a "
			    "time",
			    last->name, mail->name, last->nr, last->of, last->subject, mail->nr,
			    mail->of, mail->subject);
			return EXIT_USAGE;
		}
	}
	p->nr = to;
	return EXIT_OK;
}

/* Whether they are all 1/N to N/N; says which is not. They are sorted, each is there once. */
static enum exit_status check_whole(const struct posting *p, const char *path, int version)
{
	int of = p->patch[0]->of;
	const struct mail *mail;
	size_t i;

	for (i = 0; i < p->nr && p->patch[i]->nr == (int)i + 1; i++) {
		mail = p->patch[i];
		if (mail->of == of && mail->nr <= of)
			continue;
		err("%s: is %d/%d, among patches of %d: one series at a time", mail->name, mail->nr,
		    mail->of, of);
		return EXIT_USAGE;
	}
	if ((int)i == of)
		return EXIT_OK;
	err("%s: %zu/%d of v%d is missing; a folder with a quilt `series` can name a part of the "
	    "patches",
	    path, i + 1, of, version);
	return EXIT_USAGE;
}

/* Puts them into the order that their subjects say, if they do. */
static enum exit_status put_in_order(struct posting *p, const char *path, int version,
				     struct left_out *out)
{
	const struct mail *bare = NULL;
	enum exit_status rc;
	size_t i, numbered = 0;

	for (i = 0; i < p->nr; i++) {
		numbered += p->patch[i]->numbered;
		bare = p->patch[i]->numbered ? bare : p->patch[i];
	}
	if (!numbered)
		return EXIT_OK;
	if (bare) {
		err("%s: (%s) has no number, and %zu others have: a folder with a quilt `series` "
		    "can say the order",
		    bare->name, bare->subject, numbered);
		return EXIT_USAGE;
	}
	qsort(p->patch, p->nr, sizeof(*p->patch), by_number);
	rc = drop_twice(p, out);
	return rc ? rc : check_whole(p, path, version);
}

/* --- what is said of it ------------------------------------------------------------------------
 */

static void add_count(FILE *to, const char **ret_comma, size_t nr, const char *one,
		      const char *many)
{
	if (!nr)
		return;
	fprintf(to, "%s%zu %s", *ret_comma, nr, nr == 1 ? one : many);
	*ret_comma = ", ";
}

static void say_left_out(const char *path, const struct posting *p, int version,
			 const struct left_out *out)
{
	const char *comma = "";
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		abort();
	add_count(to, &comma, out->covers, "cover letter", "cover letters");
	add_count(to, &comma, out->replies, "reply", "replies");
	add_count(to, &comma, out->answers, "reply with a diff", "replies with a diff");
	add_count(to, &comma, out->older, "patch of an older version", "patches of older versions");
	add_count(to, &comma, out->twice, "patch that is there twice",
		  "patches that are there twice");
	add_count(to, &comma, out->bare, "mail without a diff", "mails without a diff");
	fclose(to);
	if (*text)
		note("%s: %zu patch%s of v%d; left out: %s", path, p->nr, p->nr == 1 ? "" : "es",
		     version, text);
	free(text);
}

/* What stands behind a word at the beginning of a line, a hash; NULL if there is none. */
static const char *hash_behind(const char *text, const char *word)
{
	const char *at = text;

	for (; (at = strstr(at, word)); at++)
		if ((at == text || at[-1] == '\n') &&
		    strspn(at + strlen(word), "0123456789abcdef") >= HASH_LEN)
			return at + strlen(word);
	return NULL;
}

static void take_trailers(struct posting *p, const char *text)
{
	const char *hash = hash_behind(text, "base-commit: ");

	if (hash && !p->base)
		p->base = files_text("%.*s", HASH_LEN, hash);
	for (; (text = hash_behind(text, "prerequisite-patch-id: ")); p->prerequisites++)
		;
}

/* The cover letter of that version, then the patches. */
static void read_trailers(struct posting *p, int version)
{
	const struct mail *mail;
	size_t i;

	for (i = 0; i < p->mails.nr; i++) {
		mail = &p->mails.mail[i];
		if (!is_cover(mail) || mail->version != version || p->title)
			continue;
		if (*mail->subject && !strstr(mail->subject, "*** SUBJECT HERE ***"))
			p->title = files_text("%s", mail->subject);
		take_trailers(p, mail->text);
		take_trailers(p, mail->diff);
	}
	for (i = 0; i < p->nr; i++) {
		take_trailers(p, p->patch[i]->text);
		take_trailers(p, p->patch[i]->diff);
	}
}

static enum exit_status pick(struct posting *p, const char *path)
{
	enum exit_status rc = EXIT_OK;
	struct left_out out = {0};
	int version;
	size_t i;

	p->patch = calloc(p->mails.nr, sizeof(*p->patch));
	if (!p->patch)
		abort();
	if (p->mails.ordered) {
		for (i = 0; i < p->mails.nr; i++)
			p->patch[p->nr++] = &p->mails.mail[i];
		version = p->mails.mail[0].version;
	} else {
		version = newest_version(&p->mails);
		take_version(p, version, &out);
		rc = p->nr ? put_in_order(p, path, version, &out) : EXIT_USAGE;
		if (!p->nr)
			err("%s: no patch in it: of %zu mail%s none has a diff and is no reply",
			    path, p->mails.nr, p->mails.nr == 1 ? "" : "s");
	}
	if (!rc) {
		say_left_out(path, p, version, &out);
		read_trailers(p, version);
	}
	return rc;
}

enum exit_status posting_read(const char *path, struct posting *ret)
{
	struct posting p = {0};
	char *work = work_make();
	enum exit_status rc = work ? gather(&p.mails, path, work) : EXIT_FAILED;

	if (!rc)
		rc = pick(&p, path);
	if (work)
		files_remove(work);
	free(work);
	if (rc)
		posting_free(&p);
	else
		*ret = p;
	return rc;
}

void posting_free(struct posting *p)
{
	mails_free(&p->mails);
	free(p->patch);
	free(p->title);
	free(p->base);
	*p = (struct posting){0};
}
