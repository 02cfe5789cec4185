// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A report as one page. The tables are the text that a mail would have, to be read and copied;
 * pictures are part of the page.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/report/report.h"
#include "analysis/text/xml.h"

/* Nothing is fetched and no script is run, whatever may be in there. */
static const char head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	"'unsafe-inline'\"/>\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	"<meta name=\"color-scheme\" content=\"light dark\"/>\n";

static const char style[] =
	"<style>\n"
	":root { color-scheme: light dark; }\n"
	"body { max-width: 60rem; margin: 0 auto; padding: 1rem; line-height: 1.4;\n"
	"  font-family: system-ui, sans-serif; background: Canvas; color: CanvasText; }\n"
	"h1 { font-size: 1.4rem; overflow-wrap: anywhere; }\n"
	"h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid; }\n"
	"nav a { margin-right: 1em; }\n"
	"pre { font: 0.85rem/1.35 ui-monospace, monospace; overflow-x: auto; padding: 0.75rem;\n"
	"  background: rgba(128, 128, 128, 0.12); border-radius: 4px; }\n"
	"pre.flows { white-space: pre-wrap; overflow-wrap: anywhere; }\n"
	"@media (max-width: 40rem) { pre { font-size: 0.7rem; } }\n"
	"figure { margin: 1rem 0; }\n"
	"figure div { overflow-x: auto; }\n"
	"svg { display: block; width: 100%; min-width: 34rem; height: auto; background: white;\n"
	"  border-radius: 4px; }\n"
	"figcaption { font-size: 0.85rem; overflow-wrap: anywhere; }\n"
	"@media print { nav { display: none; } body { max-width: none; }\n"
	"  pre { font-size: 7.5pt; background: none; padding: 0; white-space: pre-wrap; }\n"
	"  figure { break-inside: avoid; } }\n"
	"</style>\n";

static void put_section_text(FILE *out, const struct report *r,
			     const struct report_section *section, size_t part)
{
	char *text = report_section_text(r, section, part);
	size_t len = text ? strlen(text) : 0;

	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	xml_put(out, text);
	free(text);
}

/*
 * The inside of a picture. Names are of one picture alone there, and of one page here: they get its
 * number. Of what gnuplot draws, only tags have names; labels are text between them, in which it
 * leaves "]]>", that XML does not allow.
 */
static void put_drawing(FILE *out, const char *svg, const char *end, size_t nr)
{
	static const char *const names[] = {" id='", " id=\"", "href='#", "href=\"#", "url(#"};
	bool in_tag = false, was;
	size_t i, len;

	while (svg < end) {
		was = in_tag;
		in_tag = *svg == '<' || (in_tag && *svg != '>');
		if (in_tag && !strncmp(svg, "xlink:", 6))
			svg += 6; /* a prefix that HTML neither has nor needs */
		for (i = 0, len = 0; in_tag && !len && i < sizeof(names) / sizeof(names[0]); i++)
			if (!strncmp(svg, names[i], strlen(names[i])))
				len = strlen(names[i]);
		if (len)
			fprintf(out, "%.*sp%zu-", (int)len, svg, nr);
		else if (*svg == '>' && !was)
			fputs("&gt;", out);
		else
			fputc(*svg, out);
		svg += len ? len : 1;
	}
}

/* A picture without what makes it a file of its own, and without the name gnuplot gives it. */
static void put_svg(FILE *out, const struct report_picture *picture, size_t nr)
{
	const char *box = strstr(picture->svg, "viewBox=\""), *end = strstr(picture->svg, "</svg>");
	const char *begin = strstr(picture->svg, "</desc>");

	if (!box || !begin || !end || begin > end)
		return;
	box += strlen("viewBox=\"");
	fprintf(out, "<svg viewBox=\"%.*s\" role=\"img\" aria-label=\"",
		(int)strspn(box, "0123456789. "), box);
	xml_put(out, picture->panel->title);
	fputs("\">", out);
	put_drawing(out, begin + strlen("</desc>"), end, nr);
	fputs("</svg>\n", out);
}

static void put_pictures(FILE *out, const struct report *r)
{
	const struct report_picture *picture;
	size_t i;

	for (i = 0; i < r->nr_pictures; i++) {
		picture = &r->pictures[i];
		fputs("<figure>\n<div>", out);
		put_svg(out, picture, i + 1);
		fputs("</div>\n<figcaption>", out);
		xml_put(out, picture->panel->title);
		fputs(". ", out);
		xml_put(out, plot_meaning(picture->panel->kind));
		fprintf(out, " (<a href=\"%s.svg\">SVG</a>", picture->name);
		if (picture->panel->kind != PLOT_FLAME)
			fprintf(out, ", <a href=\"%s.png\">PNG</a>", picture->name);
		fputc(')', out);
		fputs("</figcaption>\n</figure>\n", out);
	}
}

static void put_section(FILE *out, const struct report *r, const struct report_place *at)
{
	char id[REPORT_TEXT], heading[REPORT_TEXT];

	fprintf(out, "<section id=\"%s\">\n<h2>%s</h2>\n", report_id(r, at, id),
		report_heading(r, at, heading));
	if (r->nr_pictures && at->section->print == report_pictures) {
		put_pictures(out, r);
	} else {
		fprintf(out, "<pre%s>", at->section->flows ? " class=\"flows\"" : "");
		put_section_text(out, r, at->section, at->part);
		fputs("</pre>\n", out);
	}
	fputs("</section>\n", out);
}

void report_html(FILE *out, const struct report *r)
{
	char id[REPORT_TEXT], heading[REPORT_TEXT];
	struct report_place at = {0};

	fputs(head, out);
	fputs("<title>", out);
	put_section_text(out, r, &report_title, 0);
	fprintf(out, "</title>\n%s</head>\n<body>\n<header>\n<h1>", style);
	put_section_text(out, r, &report_title, 0);
	fputs("</h1>\n<p>", out);
	put_section_text(out, r, &report_summary, 0);
	fputs("</p>\n</header>\n<nav>", out);
	while (report_next(r, &at))
		fprintf(out, "<a href=\"#%s\">%s</a> ", report_id(r, &at, id),
			report_heading(r, &at, heading));
	fputs("</nav>\n<main>\n", out);
	for (at = (struct report_place){0}; report_next(r, &at);)
		put_section(out, r, &at);
	fputs("</main>\n</body>\n</html>\n", out);
}
