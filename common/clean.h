/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of others on its way to a terminal or a page.
 */
#ifndef COMMON_CLEAN_H
#define COMMON_CLEAN_H

#include <stdbool.h>

/*
 * Replaces control characters but those kept ("" or "\n\t"), and what XML does not allow, each by
 * one as long. The text is UTF-8.
 */
void clean_text(char *text, const char *kept);

/* Whether that would change nothing. */
bool clean_is(const char *text, const char *kept);

#endif
