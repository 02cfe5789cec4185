// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/series/mail.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/exit.h"
#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/build/git.h"

static const char *next_line(const char *line)
{
	const char *end = strchrnul(line, '\n');

	return *end ? end + 1 : end;
}

static bool begins(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

const char *mail_find_diff(const char *text)
{
	const char *line;

	for (line = text; *line; line = next_line(line))
		if (begins(line, "diff --git ") ||
		    (begins(line, "--- ") && begins(next_line(line), "+++ ")))
			return line;
	return NULL;
}

/* --- its subject -------------------------------------------------------------------------------
 */

/* A number of up to 4 digits that ends there; -1 if it is none. */
static int number(const char *text, char end)
{
	size_t len = strspn(text, "0123456789");

	return len && len <= 4 && text[len] == end ? atoi(text) : -1;
}

/* One word of what stands in brackets: "v3", "PATCHv3", "2/5". */
static void take_word(struct mail *mail, const char *word)
{
	const char *v = begins(word, "PATCH") ? word + 5 : word;
	int nr = number(word, '/'), of = nr < 0 ? -1 : number(strchr(word, '/') + 1, '\0');

	if ((*v == 'v' || *v == 'V') && number(v + 1, '\0') >= 0) {
		mail->version = number(v + 1, '\0');
	} else if (of > 0) {
		mail->numbered = true;
		mail->nr = nr;
		mail->of = of;
	}
}

static void take_brackets(struct mail *mail, const char *from, const char *to)
{
	char *copy = files_text("%.*s", (int)(to - from), from), *rest = copy, *word;

	while ((word = strsep(&rest, " ,\t")))
		take_word(mail, word);
	free(copy);
}

/* What mail programs put before the subject of an answer; its length, or 0. */
static size_t answer(const char *text)
{
	static const char *const words[] = {"Re:", "Aw:", "Antw:", "Sv:"};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strncasecmp(text, words[i], strlen(words[i])))
			return strlen(words[i]);
	return 0;
}

static void take_subject(struct mail *mail, const char *text)
{
	const char *end;

	for (;; text = end) {
		text += strspn(text, " \t");
		if (*text == '[' && (end = strchr(text, ']'))) {
			take_brackets(mail, text + 1, end);
			end++;
		} else if (answer(text)) {
			mail->reply = true;
			end = text + answer(text);
		} else if (!strncasecmp(text, "Fwd:", 4)) {
			end = text + 4;
		} else {
			break;
		}
	}
	free(mail->subject);
	mail->subject = files_text("%.*s", (int)strcspn(text, "\n"), text);
}

/* --- git mailinfo ------------------------------------------------------------------------------
 */

void mail_take_info(struct mail *mail, const char *info)
{
	const char *line = info;

	while (*line && !begins(line, "Subject: "))
		line = next_line(line);
	take_subject(mail, *line ? line + strlen("Subject: ") : "");
}

/* On the file `from` in work; *ret_out has the lines with what its head says. */
static int mailinfo(const char *work, const char *from, char **ret_out)
{
	const char *words[] = {"-c",
			       "i18n.commitEncoding=UTF-8",
			       "mailinfo",
			       "-k",
			       "--no-scissors",
			       "--quoted-cr=strip",
			       "text",
			       "diff",
			       NULL};

	return git_run_plain(from, work, ret_out, words);
}

/*
 * Of the head alone: what a mail's text says above the patch, git takes for the commit's subject,
 * but the number stands in the head. *ret_out: what git says, malloc'ed.
 */
static int read_subject(const char *path, const char *work, struct mail *mail, char **ret_out)
{
	char *mail_text = io_read_file(path), *head = files_text("%s/head", work), *out = NULL;
	char *end = mail_text ? strstr(mail_text, "\n\n") : NULL;
	int status = -1;

	if (end)
		end[1] = '\0';
	if (mail_text && files_write(head, mail_text, strlen(mail_text)))
		status = mailinfo(work, head, &out);
	mail_take_info(mail, status ? "" : out);
	*ret_out = out;
	free(head);
	free(mail_text);
	return status;
}

static char *read_in(const char *work, const char *name)
{
	char *text = io_read_filef("%s/%s", work, name);
	char *whole = files_text("%s\n", text ? text : ""); /* reading dropped it */

	free(text);
	return whole;
}

enum exit_status mail_read(const char *path, const char *work, const char *name, struct mail *ret)
{
	struct mail mail = {.version = 1, .strip = STRIP_UNKNOWN};
	char *out = NULL;
	int status = read_subject(path, work, &mail, &out);
	enum exit_status rc = EXIT_OK;

	if (!status) {
		free(out);
		out = NULL;
		status = mailinfo(work, path, &out);
	}
	if (status) {
		rc = git_failed(name, status, out);
		rc = rc == EXIT_CANNOT_RUN ? rc : EXIT_USAGE;
		free(mail.subject);
	} else {
		mail.name = files_text("%s", name);
		mail.text = read_in(work, "text");
		mail.diff = read_in(work, "diff");
		mail.has_diff = mail_find_diff(mail.diff);
		*ret = mail;
	}
	free(out);
	return rc;
}

/* --- a diff without a mail ---------------------------------------------------------------------
 */

/* "Origin: ..." of DEP-3, "From: ..." and the like. */
static bool is_field(const char *line)
{
	size_t len = strcspn(line, ": \t\n");

	return len > 1 && line[len] == ':' && isupper((unsigned char)*line) &&
	       (line[len + 1] == ' ' || line[len + 1] == '\n');
}

/* What a line above the diff calls it; NULL if it does not. */
static const char *title_in(const char *line)
{
	static const char *const fields[] = {"Description: ", "Subject: "};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (begins(line, fields[i]))
			return line + strlen(fields[i]);
	if (is_field(line) || isspace((unsigned char)*line) || strchr("#-=", *line) ||
	    begins(line, "Index: "))
		return NULL;
	return line;
}

static char *name_as_title(const char *name)
{
	const char *base = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
	size_t len = strcspn(base, ".");

	return files_text("%.*s", (int)(len ? len : strlen(base)), base);
}

void mail_of_diff(const char *text, const char *name, struct mail *ret)
{
	const char *diff = mail_find_diff(text), *line, *title = NULL;
	struct mail mail = {.version = 1, .strip = STRIP_UNKNOWN, .has_diff = true};

	for (line = text; line < diff && !title; line = next_line(line))
		title = title_in(line);
	if (title)
		take_subject(&mail, title);
	if (!mail.subject || !*mail.subject) {
		free(mail.subject);
		mail.subject = name_as_title(name);
	}
	mail.name = files_text("%s", name);
	mail.text = files_text("%.*s", (int)(diff - text), text);
	mail.diff = files_text("%s", diff);
	*ret = mail;
}

void mails_add(struct mails *mails, const struct mail *mail)
{
	struct mail *more = realloc(mails->mail, (mails->nr + 1) * sizeof(*more));

	if (!more)
		abort();
	mails->mail = more;
	more[mails->nr++] = *mail;
}

void mails_free(struct mails *mails)
{
	struct mail *mail;
	size_t i;

	for (i = 0; i < mails->nr; i++) {
		mail = &mails->mail[i];
		free(mail->name);
		free(mail->subject);
		free(mail->text);
		free(mail->diff);
	}
	free(mails->mail);
	*mails = (struct mails){0};
}
