// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GitHub Actions and GitLab CI. Both run the same lines of shell in a clean folder each time: what
 * one job has for the next is an artifact, and what the next workflow has of this one is a cache,
 * without which everything is there all the same, but later.
 */
#include <stdlib.h>

#include "cli/batch/template.h"
#include "common/sha256.h"

/* The debian: kernels that a label means are those of this release. */
#define IMAGE "debian:12"

static void put_install(FILE *out, const struct batch *b, const char *margin)
{
	if (!b->clone) {
		fprintf(out, "%s./bootstrap.sh\n", margin);
		return;
	}
	fprintf(out,
		"%scommand -v git >/dev/null || { apt-get update -qq && apt-get install -y -qq git "
		"ca-certificates; }\n%s[ -d faultbench ] || git clone -q --depth 1 ",
		margin, margin);
	batch_quote(out, b->clone, '\0');
	fprintf(out, " faultbench\n%sfaultbench/bootstrap.sh\n", margin);
}

static void put_first(FILE *out, const struct batch *b, const char *margin)
{
	size_t i;

	for (i = 0; i < b->first.nr; i++)
		fprintf(out, "%s\"$FAULTBENCH\" %s\n", margin, b->first.words[i]);
}

static void put_run(FILE *out, const struct batch *b)
{
	batch_run(out, b, "\"$PART\"", '\0');
	fprintf(out, " --cache %s.results\n", b->name);
}

static void put_list(FILE *out, const struct batch *b)
{
	unsigned int i;

	for (i = 1; i <= b->parts; i++)
		fprintf(out, "%s%u", i > 1 ? ", " : "", i);
}

static void put_program(FILE *out, const struct batch *b)
{
	fprintf(out, "%sbuild/faultbench", b->clone ? "faultbench/" : "");
}

/* What the kernels follow from, as far as the words say it. */
static void put_key(FILE *out, const struct batch *b)
{
	char *text, sum[SHA256_TEXT];
	size_t size;
	FILE *all = open_memstream(&text, &size);

	put_first(all, b, "");
	fclose(all);
	sha256_data(text, size, sum);
	free(text);
	fprintf(out, "%.16s", sum);
}

#define GITHUB "          " /* what lines of a step begin with */
#define GITLAB "      "	    /* what is a line of a job */

static void github_install(FILE *out, const struct batch *b)
{
	put_install(out, b, GITHUB);
}

static void github_first(FILE *out, const struct batch *b)
{
	put_first(out, b, GITHUB);
}

static const struct template_gap github_gaps[] = {{"install", github_install},
						  {"first", github_first},
						  {"run", put_run},
						  {"list", put_list},
						  {"program", put_program},
						  {"key", put_key},
						  {0}};

static const char github_head[] = "# A plan in parts by GitHub Actions: to be "
				  ".github/workflows/@name@.yml. Each part is a job that\n"
				  "# boots what is not known yet; the last one collects, and makes "
				  "a report and a verdict. What was cut\n"
				  "# off goes on with \"Re-run failed jobs\".\n"
				  "name: faultbench @name@\n"
				  "\"on\":\n"
				  "  workflow_dispatch:\n"
				  "  pull_request:\n"
				  "permissions:\n"
				  "  contents: read\n"
				  "defaults:\n"
				  "  run:\n"
				  "    shell: bash\n"
				  "env:\n"
				  "  FAULTBENCH: @program@\n"
				  "jobs:\n";

static const char github_job[] = "    runs-on: ubuntu-latest\n"
				 "    container: " IMAGE "\n";

static const char github_begin[] = "    steps:\n"
				   "      - uses: actions/checkout@v4\n"
				   "      - name: install\n"
				   "        run: |\n"
				   "@install@";

static const char github_kernels[] = "      - name: kernels of the last time\n"
				     "        uses: actions/cache@v4\n"
				     "        with:\n"
				     "          path: @name@.kernels\n"
				     "          key: faultbench-kernels-@name@-@key@\n"
				     "      - name: kernels\n"
				     "        run: |\n"
				     "          export XDG_CACHE_HOME=\"$PWD/@name@.kernels\"\n"
				     "@first@"
				     "      - uses: actions/upload-artifact@v4\n"
				     "        with:\n"
				     "          name: @name@-kernels\n"
				     "          path: @name@.kernels\n"
				     "          if-no-files-found: error\n";

static const char github_matrix[] = "    strategy:\n"
				    "      fail-fast: false\n"
				    "      matrix:\n"
				    "        part: [@list@]\n";

static const char github_take_kernels[] = "      - uses: actions/download-artifact@v4\n"
					  "        with:\n"
					  "          name: @name@-kernels\n"
					  "          path: @name@.kernels\n";

static const char github_part[] = "      - name: results of the last time\n"
				  "        uses: actions/cache/restore@v4\n"
				  "        with:\n"
				  "          path: @name@.results\n"
				  "          key: faultbench-results-@name@-${{ github.run_id }}\n"
				  "          restore-keys: faultbench-results-@name@-\n"
				  "      - name: part\n"
				  "        env:\n"
				  "          PART: ${{ matrix.part }}\n"
				  "        run: |\n"
				  "          export XDG_CACHE_HOME=\"$PWD/@name@.kernels\"\n"
				  "          mkdir -p @name@.parts\n"
				  "          \"$FAULTBENCH\" run@run@"
				  "      - uses: actions/upload-artifact@v4\n"
				  "        if: ${{ !cancelled() }}\n"
				  "        with:\n"
				  "          name: @name@-part-${{ matrix.part }}\n"
				  "          overwrite: true\n"
				  "          path: |\n"
				  "            @name@.parts\n"
				  "            @name@.results\n";

static const char github_collect[] =
	"      - uses: actions/download-artifact@v4\n"
	"        with:\n"
	"          pattern: @name@-part-*\n"
	"          merge-multiple: true\n"
	"      - uses: actions/cache/save@v4\n"
	"        with:\n"
	"          path: @name@.results\n"
	"          key: faultbench-results-@name@-${{ github.run_id }}-${{ github.run_attempt }}\n"
	"      - name: collect\n"
	"        run: |\n"
	"          \"$FAULTBENCH\" collect @name@.parts --out @out@\n"
	"      - name: report\n"
	"        run: |\n"
	"          \"$FAULTBENCH\" report @out@ --out @name@.report\n";

static const char github_verdict[] =
	"      - name: verdict\n"
	"        run: |\n"
	"          # 3: a change is neither shown nor ruled out.\n"
	"          \"$FAULTBENCH\" check --format junit @out@ >@name@.xml || [ $? = 3 ]\n";

static const char github_end[] = "      - uses: actions/upload-artifact@v4\n"
				 "        if: ${{ !cancelled() }}\n"
				 "        with:\n"
				 "          name: @name@\n"
				 "          overwrite: true\n"
				 "          path: |\n"
				 "            @out@\n"
				 "            @name@.report\n";

/* A job as far as its own steps. */
static void github_start(FILE *out, const struct batch *b, const char *name, const char *needs,
			 const char *more)
{
	fprintf(out, "  %s:\n", name);
	if (needs)
		fprintf(out, "    needs: %s\n", needs);
	fputs(github_job, out);
	template_put(out, b, github_gaps, more);
	template_put(out, b, github_gaps, github_begin);
}

void batch_github(FILE *out, const struct batch *b)
{
	template_put(out, b, github_gaps, github_head);
	if (b->first.nr) {
		github_start(out, b, "kernels", NULL, "");
		template_put(out, b, github_gaps, github_kernels);
	}
	github_start(out, b, "part", b->first.nr ? "kernels" : NULL, github_matrix);
	if (b->first.nr)
		template_put(out, b, github_gaps, github_take_kernels);
	template_put(out, b, github_gaps, github_part);
	/* What is there is collected, and what is missing is named, also where parts failed. */
	github_start(out, b, "collect", "part", "    if: ${{ !cancelled() }}\n");
	template_put(out, b, github_gaps, github_collect);
	if (batch_compares(b))
		template_put(out, b, github_gaps, github_verdict);
	template_put(out, b, github_gaps, github_end);
	if (batch_compares(b))
		template_put(out, b, github_gaps, "            @name@.xml\n");
}

static void gitlab_install(FILE *out, const struct batch *b)
{
	put_install(out, b, GITLAB);
}

static void gitlab_first(FILE *out, const struct batch *b)
{
	put_first(out, b, GITLAB);
}

static const struct template_gap gitlab_gaps[] = {{"install", gitlab_install},
						  {"first", gitlab_first},
						  {"run", put_run},
						  {"list", put_list},
						  {"program", put_program},
						  {"key", put_key},
						  {0}};

static const char gitlab_head[] =
	"# A plan in parts by GitLab CI: to be .gitlab-ci.yml, or included there. Each part is a "
	"job that boots\n"
	"# what is not known yet; the last one collects, and makes a report and a verdict. A job "
	"that was cut\n"
	"# off goes on when it is retried.\n"
	"stages: [kernels, parts, collect]\n"
	"default:\n"
	"  image: " IMAGE "\n"
	"  before_script:\n"
	"    - |\n"
	"      export FAULTBENCH=@program@ XDG_CACHE_HOME=\"$PWD/@name@.kernels\"\n"
	"@install@";

static const char gitlab_kernels[] = "kernels:\n"
				     "  stage: kernels\n"
				     "  cache:\n"
				     "    key: faultbench-kernels-@name@-@key@\n"
				     "    paths: [@name@.kernels]\n"
				     "  script:\n"
				     "    - |\n"
				     "@first@"
				     "  artifacts:\n"
				     "    paths: [@name@.kernels]\n";

static const char gitlab_part[] = "part:\n"
				  "  stage: parts\n"
				  "  parallel:\n"
				  "    matrix:\n"
				  "      - PART: [@list@]\n"
				  "  cache:\n"
				  "    key: faultbench-results-@name@\n"
				  "    paths: [@name@.results]\n"
				  "    policy: pull\n"
				  "  script:\n"
				  "    - |\n"
				  "      mkdir -p @name@.parts\n"
				  "      \"$FAULTBENCH\" run@run@"
				  "  retry:\n"
				  "    max: 2\n"
				  "    exit_codes: 75 # another runner may do better\n"
				  "  artifacts:\n"
				  "    when: always\n"
				  "    paths: [@name@.parts, @name@.results]\n";

static const char gitlab_collect[] = "collect:\n"
				     "  stage: collect\n"
				     "  when: always\n"
				     "  cache:\n"
				     "    key: faultbench-results-@name@\n"
				     "    paths: [@name@.results]\n"
				     "    policy: push\n"
				     "    when: always\n"
				     "  script:\n"
				     "    - |\n"
				     "      \"$FAULTBENCH\" collect @name@.parts --out @out@\n"
				     "      \"$FAULTBENCH\" report @out@ --out @name@.report\n";

/* As GitLab has it: a failure that is allowed is a warning. */
static const char gitlab_verdict[] =
	"      \"$FAULTBENCH\" check --format junit @out@ >@name@.xml\n"
	"  allow_failure:\n"
	"    exit_codes: 3 # a change is neither shown nor ruled out\n";

static const char gitlab_end[] = "  artifacts:\n"
				 "    when: always\n"
				 "    paths: [@out@, @name@.report]\n";

void batch_gitlab(FILE *out, const struct batch *b)
{
	template_put(out, b, gitlab_gaps, gitlab_head);
	if (b->first.nr)
		template_put(out, b, gitlab_gaps, gitlab_kernels);
	template_put(out, b, gitlab_gaps, gitlab_part);
	template_put(out, b, gitlab_gaps, gitlab_collect);
	if (batch_compares(b))
		template_put(out, b, gitlab_gaps, gitlab_verdict);
	template_put(out, b, gitlab_gaps, gitlab_end);
	if (batch_compares(b))
		template_put(out, b, gitlab_gaps, "    reports:\n      junit: @name@.xml\n");
}
