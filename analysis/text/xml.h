/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_TEXT_XML_H
#define ANALYSIS_TEXT_XML_H

#include <stdio.h>

/*
 * Puts a text, which may be NULL, into XML or HTML, as content or between double quotes; what XML
 * 1.0 has no place for becomes a blank.
 */
void xml_put(FILE *out, const char *text);

#endif
