// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/series/apply.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/build/git.h"

/* One patch on its way into the export. */
struct applying {
	const struct build_source *source;
	const struct mail *mail;
	size_t nr, of;	/* of the posting, from 1 */
	char *path;	/* the mail that git am is given */
	char strip[16]; /* "-p1" */
};

/* --- what git am is given ----------------------------------------------------------------------
 */

/* Who wrote it when is of no use to a build, and the same text has to be the same commit. */
static bool write_mail(const struct applying *a)
{
	char *text = files_text("From: faultbench <faultbench@localhost>\n"
				"Date: Sat, 1 Jan 2000 00:00:00 +0000\n"
				"Subject: %s\n"
				"MIME-Version: 1.0\n"
				"Content-Type: text/plain; charset=UTF-8\n"
				"Content-Transfer-Encoding: 8bit\n"
				"\n%s%s\n",
				*a->mail->subject ? a->mail->subject : a->mail->name,
				a->mail->has_diff ? "---\n" : "",
				a->mail->has_diff ? a->mail->diff : "");
	bool ok = files_write(a->path, text, strlen(text));

	free(text);
	return ok;
}

/* The path behind a mark, "+++ " or "--- ", of the first file that has one; malloc'ed, "" if none.
 */
static char *first_path(const char *diff, const char *mark)
{
	const char *line;
	char path[1024];

	for (line = diff; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (!strncmp(line, mark, strlen(mark)) &&
		    sscanf(line, "%*s %1023[^\t\n]", path) == 1 && strcmp(path, "/dev/null"))
			return files_text("%s", path);
	return files_text("%s", "");
}

/* Whether the export has such a file as it is called there, without a component to strip. */
static bool has_file(const struct applying *a, const char *mark)
{
	char *path = first_path(a->mail->diff, mark), *blob = files_text("HEAD:%s", path);
	const char *words[] = {"rev-parse", "--verify", "--quiet", blob, NULL};
	char *there = *path ? git_line(a->source->src, words) : NULL;
	bool has = there;

	free(there);
	free(blob);
	free(path);
	return has;
}

/* "diff --git mm/memory.c mm/memory.c", as diff.noprefix has it. */
static bool says_no_prefix(const char *diff)
{
	const char *line = strstr(diff, "diff --git "), *names = line ? line + 11 : "";
	size_t len = strcspn(names, "\n"), half = len / 2;

	return len % 2 && names[half] == ' ' && !memcmp(names, names + half + 1, half);
}

/* Paths have one component too many, as git's a/ and b/, unless the tree has such a file. */
static void find_strip(struct applying *a)
{
	int strip = a->mail->strip;

	if (strip == STRIP_UNKNOWN)
		strip = !(has_file(a, "+++ ") || has_file(a, "--- ") ||
			  says_no_prefix(a->mail->diff));
	snprintf(a->strip, sizeof(a->strip), "-p%d", strip);
}

/* --- why it does not apply ---------------------------------------------------------------------
 */

/* What git says went wrong, without its marks and hints: "a; b". */
static char *own_words(char *text)
{
	char *words = files_text("%s", ""), *more, *line;

	while ((line = strsep(&text, "\n"))) {
		if (strncmp(line, "error: ", 7) && strncmp(line, "fatal: ", 7))
			continue;
		more = files_text("%s%s%s", words, *words ? "; " : "", line + 7);
		free(words);
		words = more;
	}
	return words;
}

/* Whether the line of a diff's head names the file. */
static bool names_file(const char *line, const char *file)
{
	size_t len = strcspn(line, "\t\n"), n = strlen(file);

	return len > n + 4 && !strncmp(line + len - n, file, n) &&
	       (line[len - n - 1] == '/' || line[len - n - 1] == ' ');
}

/*
 * "mm/memory.c, hunk 2 of 5 (@@ -120,7 +120,9 @@): ", for the place that git names ("patch failed:
 * FILE:LINE"); "" if it names none.
 */
static char *find_hunk(const char *diff, const char *words)
{
	const char *place = strstr(words, "patch failed: "), *line, *hunk = NULL;
	int nr = 0, of = 0, at, wanted;
	char file[1024];
	bool inside = false;

	if (!place || sscanf(place, "patch failed: %1023[^:]:%d", file, &wanted) != 2)
		return files_text("%s", "");
	for (line = diff; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (!strncmp(line, "--- ", 4) || !strncmp(line, "diff ", 5))
			inside = names_file(line, file);
		if (!inside || sscanf(line, "@@ -%d", &at) != 1)
			continue;
		of++;
		if (at == wanted && !hunk) {
			nr = of;
			hunk = line;
		}
	}
	if (!hunk)
		return files_text("%s: ", file);
	return files_text("%s, hunk %d of %d (%.*s): ", file, nr, of,
			  (int)(strstr(hunk + 2, "@@") - hunk) + 2, hunk);
}

/* What stands in the way of a merge, which was tried, of a patch that is whole. */
static char *merge_trouble(const struct applying *a)
{
	const char *words[] = {"diff", "--name-only", "--diff-filter=U", NULL};
	char *files = NULL, *trouble;

	if (!git_run_plain(NULL, a->source->src, &files, words) && *files)
		trouble = files_text("; a 3-way merge conflicts in %.*s", (int)strcspn(files, "\n"),
				     files);
	else
		trouble = files_text("; the blobs that a 3-way merge needs are not there");
	free(files);
	return trouble;
}

/* "v6.12", or "v6.12 and the 2 patches before it". */
static char *ground(const struct applying *a)
{
	const char *rev = a->source->rev;

	if (a->nr == 1)
		return files_text("%s", rev);
	return files_text("%s and the %zu patch%s before it", rev, a->nr - 1,
			  a->nr == 2 ? "" : "es");
}

static void say_why(const struct applying *a, char *text)
{
	char *words = own_words(text), *hunk = find_hunk(a->mail->diff, words);
	bool broken = !strstr(words, "does not apply") && !strstr(words, "does not exist");
	char *trouble = broken ? files_text("%s", "") : merge_trouble(a), *on = ground(a);

	err("%s: patch %zu of %zu (%s) does not apply on %s: %s%s%s", a->mail->name, a->nr, a->of,
	    a->mail->subject, on, hunk, *words ? words : "git am fails", trouble);
	free(on);
	free(trouble);
	free(hunk);
	free(words);
}

/* --- git am ------------------------------------------------------------------------------------
 */

/* What an am that did not end has left. */
static void forget_am(const struct applying *a)
{
	char *path = files_text("%s/.git/rebase-apply", a->source->src);

	files_remove(path);
	free(path);
}

static int run_am(const struct applying *a, bool merge, char **ret_out)
{
	const char *words[] = {"-c",
			       "user.name=faultbench",
			       "-c",
			       "user.email=faultbench@localhost",
			       "-c",
			       "core.autocrlf=false",
			       "am",
			       "-q",
			       "-k",
			       "--committer-date-is-author-date",
			       a->strip,
			       merge ? "-3" : "--no-3way",
			       a->mail->has_diff ? "--" : "--empty=keep",
			       a->path,
			       NULL};

	forget_am(a);
	return git_run_plain(NULL, a->source->src, ret_out, words);
}

/* Whether undoing it would work. */
static bool is_there_already(const struct applying *a)
{
	const char *words[] = {"apply", "--check", "-R", a->strip, "--", a->path, NULL};

	return !git_run_plain(NULL, a->source->src, NULL, words);
}

static enum exit_status say_there(const struct applying *a)
{
	char *on = ground(a);

	err("%s: patch %zu of %zu (%s) is in %s already", a->mail->name, a->nr, a->of,
	    a->mail->subject, on);
	free(on);
	return EXIT_USAGE;
}

/* The second try, of a patch that does not fit as it is; text says why. */
static enum exit_status merge(const struct applying *a, char *text)
{
	char *more = NULL;
	int status;

	if (is_there_already(a))
		return say_there(a);
	status = run_am(a, true, &more);
	free(more);
	if (!status) {
		note("%s: patch %zu of %zu (%s): its context has moved; merged (git am -3)",
		     a->mail->name, a->nr, a->of, a->mail->subject);
		return EXIT_OK;
	}
	if (status != CHILD_INTERRUPTED)
		say_why(a, text);
	return EXIT_USAGE;
}

static enum exit_status am(const struct applying *a)
{
	enum exit_status rc = EXIT_OK;
	char *out = NULL;
	int status = run_am(a, false, &out);

	if (status == CHILD_MISSING)
		rc = git_failed(a->mail->name, status, out);
	else if (status)
		rc = status == CHILD_INTERRUPTED ? EXIT_FAILED : merge(a, out);
	forget_am(a);
	free(out);
	return rc;
}

enum exit_status apply_patch(const struct build_source *source, const struct posting *posting,
			     size_t i, char **ret_commit)
{
	struct applying a = {.source = source,
			     .mail = posting->patch[i],
			     .nr = i + 1,
			     .of = posting->nr,
			     .path = files_text("%s/patch.mail", source->dir)};
	char *before = git_object(source->src, "HEAD", "commit"), *after = NULL;
	enum exit_status rc = before && write_mail(&a) ? EXIT_OK : EXIT_FAILED;

	if (!rc)
		find_strip(&a);
	if (!rc)
		rc = am(&a);
	if (!rc)
		after = git_object(source->src, "HEAD", "commit");
	if (after && !strcmp(before, after))
		rc = say_there(&a);
	else if (!rc && !after)
		rc = EXIT_FAILED;
	if (rc)
		free(after);
	else
		*ret_commit = after;
	unlink(a.path);
	free(before);
	free(a.path);
	return rc;
}
