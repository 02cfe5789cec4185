// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/series/gather.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/map.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/beneath.h"
#include "kernels/build/git.h"
#include "kernels/fetch/unpack.h"

/* --- the text of a file ------------------------------------------------------------------------
 */

/* The file's bytes, unpacked; NULL with a message. folder: where it has to be, or NULL. */
static unsigned char *content(const char *folder, const char *path, size_t *ret_len)
{
	unsigned char *data = NULL;
	struct file_map map;

	if (!(folder ? beneath_map(folder, path, &map) : map_file(path, &map)))
		return NULL;
	if (unpack_how(map.data, map.len)) {
		unpack(path, map.data, map.len, &data, ret_len);
	} else {
		data = malloc(map.len);
		if (!data)
			abort();
		memcpy(data, map.data, map.len);
		*ret_len = map.len;
	}
	unmap_file(&map);
	return data;
}

/* Lines that end as on Unix, as git mailsplit makes them; what stands there else is left. */
static void drop_returns(char *text)
{
	char *to = text, *from;

	for (from = text; *from; from++)
		if (*from != '\r' || from[1] != '\n')
			*to++ = *from;
	*to = '\0';
}

/* The file as a text, malloc'ed; NULL with a message if it is none. */
static char *text_of(const char *folder, const char *path)
{
	size_t len = 0, skip = 0;
	unsigned char *data = content(folder, path, &len);
	const unsigned char *nul = data ? memchr(data, 0, len) : NULL;
	char *text = NULL;

	if (nul && len > 1 && ((data[0] ^ data[1]) == (0xff ^ 0xfe)))
		err("%s: is UTF-16; iconv -f utf-16 -t utf-8 makes a text of it", path);
	else if (nul)
		err("%s: has a NUL at byte %zu, so it is neither mail nor a diff", path,
		    (size_t)(nul - data));
	if (data && !nul) {
		if (len > 3 && !memcmp(data, "\xef\xbb\xbf", 3))
			skip = 3;
		while (skip < len && isspace(data[skip]))
			skip++;
		text = files_text("%.*s", (int)(len - skip), (char *)data + skip);
		drop_returns(text);
	}
	free(data);
	return text;
}

/* --- one file ----------------------------------------------------------------------------------
 */

/* Whether it begins as a mail or an mbox does: with lines of a head, one of which says from whom.
 */
static bool is_mail(const char *text)
{
	const char *line, *end;
	bool from = false;
	size_t name;

	if (!strncmp(text, "From ", 5))
		return true;
	for (line = text; *line && *line != '\n'; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		name = strcspn(line, " \t:\n");
		if (*line != ' ' && *line != '\t' && (!name || line[name] != ':'))
			return false;
		from |= !strncmp(line, "From:", 5);
	}
	return from;
}

/* Why a text in which no unified diff was found is of no use. */
static const char *why_not(const char *text)
{
	static const struct {
		const char *sign, *why;
	} kinds[] = {
		{"\n***************\n",
		 "has context diffs (diff -c); a unified one (diff -u) is needed"},
		{"\n@@@ ", "has the combined diff of a merge, which cannot be applied"},
		{"# v2 git bundle", "is a git bundle: git fetch it, and say --range"},
		{"# v3 git bundle", "is a git bundle: git fetch it, and say --range"},
		{"<html", "is a web page; archives have the mail as text, behind `raw` or `mbox`"},
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcasestr(text, kinds[i].sign))
			return kinds[i].why;
	return "is neither mail nor a diff";
}

/* Each mail of an mbox, which text is. */
static enum exit_status split(struct mails *mails, const char *text, const char *name,
			      const char *work)
{
	char *mbox = files_text("%s/mbox", work), *into = files_text("-o%s/mails", work);
	char *folder = into + 2, *out = NULL, *label;
	bool rd = !strncmp(text, "From mboxrd@z ", 14) || strstr(text, "\nFrom mboxrd@z ");
	const char *words[] = {"mailsplit",	 "-b", "-d6", into, rd ? "--mboxrd" : mbox,
			       rd ? mbox : NULL, NULL};
	enum exit_status rc = EXIT_FAILED;
	json_t *files = NULL, *file;
	struct mail mail;
	size_t i;
	int status;

	if (files_make_dirs(folder) && files_write(mbox, text, strlen(text))) {
		status = git_run_plain(NULL, work, &out, words);
		rc = status ? git_failed(name, status, out) : EXIT_OK;
		files = status ? NULL : files_in(folder);
	}
	json_array_foreach(files, i, file) {
		label = json_array_size(files) > 1 ? files_text("%s, mail %zu", name, i + 1)
						   : files_text("%s", name);
		rc = mail_read(json_string_value(file), work, label, &mail);
		free(label);
		if (rc)
			break;
		mails_add(mails, &mail);
	}
	files_remove(folder);
	json_decref(files);
	free(out);
	free(into);
	free(mbox);
	return rc;
}

/* folder: that was given, so that nothing outside of it was meant; NULL: the file was. */
static enum exit_status gather_file(struct mails *mails, const char *folder, const char *path,
				    const char *work)
{
	char *text = text_of(folder, path);
	enum exit_status rc = EXIT_USAGE;
	struct mail mail;

	if (text && is_mail(text)) {
		rc = split(mails, text, path, work);
	} else if (text && mail_find_diff(text)) {
		mail_of_diff(text, path, &mail);
		mails_add(mails, &mail);
		rc = EXIT_OK;
	} else if (text) {
		err("%s: %s", path, why_not(text));
	}
	free(text);
	return rc;
}

/* --- a folder ----------------------------------------------------------------------------------
 */

static bool ends(const char *name, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len > n && !strncmp(name + len - n, with, n);
}

/* By its name; how it is packed does not count. */
static bool is_wanted(const char *path)
{
	static const char *const packed[] = {".gz", ".xz", ".zst"};
	static const char *const kinds[] = {".patch", ".diff", ".eml", ".mbox", ".mbx", ".cover"};
	const char *name = strrchr(path, '/') + 1;
	size_t len = strlen(name), i;

	if (strspn(name, "0123456789") == len)
		return true;
	for (i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (ends(name, len, packed[i]))
			len -= strlen(packed[i]);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (ends(name, len, kinds[i]))
			return true;
	return false;
}

/* The files of a folder, or of one below it; each, or those with a name for it. */
static enum exit_status gather_files(struct mails *mails, const char *folder, const char *sub,
				     bool each, const char *work)
{
	json_t *all = files_in(sub), *file;
	enum exit_status rc = EXIT_OK;
	const char *path;
	size_t i;

	json_array_foreach(all, i, file) {
		path = json_string_value(file);
		if (!rc && !files_is_dir(path) && (each || is_wanted(path)))
			rc = gather_file(mails, folder, path, work);
	}
	json_decref(all);
	return rc;
}

static enum exit_status gather_maildir(struct mails *mails, const char *folder, const char *work)
{
	static const char *const subs[] = {"cur", "new"};
	enum exit_status rc = EXIT_OK;
	char *sub;
	size_t i;

	for (i = 0; i < sizeof(subs) / sizeof(subs[0]) && !rc; i++) {
		sub = files_text("%s/%s", folder, subs[i]);
		if (files_is_dir(sub))
			rc = gather_files(mails, folder, sub, true, work);
		free(sub);
	}
	return rc;
}

/* One patch of a quilt series: "NAME [-pN]". */
static enum exit_status gather_line(struct mails *mails, const char *folder, char *line, size_t nr,
				    const char *work)
{
	char *name = strsep(&line, " \t"), *word, *path;
	size_t before = mails->nr;
	enum exit_status rc;
	int strip = STRIP_UNKNOWN;

	while ((word = strsep(&line, " \t"))) {
		if (!strncmp(word, "-p", 2) && isdigit((unsigned char)word[2]) && !word[3]) {
			strip = word[2] - '0';
		} else if (*word) {
			err("%s/series:%zu: %s %s: only -pN can follow a name", folder, nr, name,
			    word);
			return EXIT_USAGE;
		}
	}
	path = files_text("%s/%s", folder, name);
	rc = gather_file(mails, folder, path, work);
	free(path);
	for (; before < mails->nr; before++)
		mails->mail[before].strip = strip;
	return rc;
}

static enum exit_status gather_quilt(struct mails *mails, const char *folder, const char *work)
{
	char *path = files_text("%s/series", folder), *text = text_of(folder, path);
	char *rest = text, *line;
	enum exit_status rc = text ? EXIT_OK : EXIT_USAGE;
	size_t nr = 0, len;

	mails->ordered = true;
	while (!rc && (line = strsep(&rest, "\n"))) {
		nr++;
		line += strspn(line, " \t");
		len = strcspn(line, "#");
		while (len && isspace((unsigned char)line[len - 1]))
			len--;
		line[len] = '\0';
		if (len)
			rc = gather_line(mails, folder, line, nr, work);
	}
	free(text);
	free(path);
	return rc;
}

enum exit_status gather(struct mails *mails, const char *path, const char *work)
{
	char *series = files_if_there("%s/series", path), *cur = files_if_there("%s/cur", path);
	enum exit_status rc;

	if (!files_is_dir(path))
		rc = gather_file(mails, NULL, path, work);
	else if (series)
		rc = gather_quilt(mails, path, work);
	else if (cur)
		rc = gather_maildir(mails, path, work);
	else
		rc = gather_files(mails, path, path, false, work);
	if (!rc && !mails->nr) {
		err("%s: has no patch in it: files named *.patch, *.diff, *.eml, *.mbox or *.mbx, "
		    "a "
		    "quilt `series` or a maildir's `cur`",
		    path);
		rc = EXIT_USAGE;
	}
	free(series);
	free(cur);
	return rc;
}
