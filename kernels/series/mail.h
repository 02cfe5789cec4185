/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One mail with a patch, or one of those around it: git mailinfo undoes what mail did to it
 * (base64, quoted-printable, CRLF, character sets, attachments).
 */
#ifndef KERNELS_SERIES_MAIL_H
#define KERNELS_SERIES_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#define STRIP_UNKNOWN (-1)

struct mail {
	char *name;    /* what messages call it: "x.mbox, mail 2" */
	char *subject; /* UTF-8, without "Re:" and what stands in brackets; may be "" */
	char *text;    /* what stands before the diff */
	char *diff; /* the diff and what stands around it; what is no patch may have a text here */
	bool has_diff;
	bool numbered;	     /* its subject says "2/5", then */
	int version, nr, of; /* "[PATCH v3 2/5]"; a version that is not said is 1 */
	bool reply;
	int strip; /* components before the paths of the diff (patch -p); STRIP_UNKNOWN */
};

struct mails {
	struct mail *mail;
	size_t nr;
	bool ordered; /* they stand in the order in which they are to be applied */
};

/*
 * Reads the mail in the file path, working in the folder work. Returns an exit status, with one
 * line printed that begins with name unless it is 0 or child_interrupted().
 */
enum exit_status mail_read(const char *path, const char *work, const char *name, struct mail *ret);

/* Sets what the subject says, of which `git mailinfo` has printed a line. */
void mail_take_info(struct mail *mail, const char *info);

/*
 * A diff that no mail is around, with whatever stands above it: what quilt, StGit, hg or DEP-3 want
 * there. Its subject is what that calls it, else the name of the file.
 */
void mail_of_diff(const char *text, const char *name, struct mail *ret);

/* Where the first unified diff of a text begins; NULL if there is none. */
const char *mail_find_diff(const char *text);

void mails_add(struct mails *mails, const struct mail *mail);
void mails_free(struct mails *mails);

#endif
