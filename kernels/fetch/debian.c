// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernels from Debian's archives, of any architecture, through apt with a state of its own. The
 * system's sources and keys are used as they are; its lists, its status and its hooks are not.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/cache_dir.h"
#include "kernels/fetch/listing.h"
#include "kernels/fetch/parts.h"

#define MOST_PACKAGES 8 /* of one kernel: meta and its own, of each kind */

/*
 * Read after the system's configuration, so that it can take back what that adds: hooks that
 * clean up the system's caches, other architectures, the user that cannot write to our folder.
 * What apt makes of the lists is kept, as it is asked several times: each time takes it a second.
 */
static const char apt_conf[] = "#clear APT::Architectures;\n"
			       "#clear APT::Update;\n"
			       "#clear DPkg;\n"
			       "#clear Acquire::Languages;\n"
			       "APT::Architecture \"%1$s\";\n"
			       "APT::Architectures { \"%1$s\"; };\n"
			       "APT::Sandbox::User \"\";\n"
			       "APT::Update::Error-Mode \"any\";\n"
			       "Acquire::Languages { \"none\"; };\n"
			       "Acquire::GzipIndexes \"true\";\n"
			       "Acquire::Retries \"2\";\n"
			       "Acquire::http::Timeout \"30\";\n"
			       "Acquire::https::Timeout \"30\";\n"
			       "Dir::State \"%2$s\";\n"
			       "Dir::State::lists \"%2$s/lists\";\n"
			       "Dir::State::status \"%2$s/status\";\n"
			       "Dir::Cache \"%2$s\";\n"
			       "Dir::Cache::pkgcache \"pkgcache.bin\";\n"
			       "Dir::Cache::srcpkgcache \"\";\n"
			       "Dir::Log \"%2$s\";\n";

/* Runs an apt program; *ret_out as child_run() gives it. */
static enum exit_status apt(const char *state, const char *const argv[], const char *dir,
			    char **ret_out)
{
	const char *words[MOST_PACKAGES + 8];
	char *conf = files_text("%s/apt.conf", state), reason[256];
	int nr = 0, i, status;

	words[nr++] = argv[0];
	words[nr++] = "-c";
	words[nr++] = conf;
	for (i = 1; argv[i]; i++)
		words[nr++] = argv[i];
	words[nr] = NULL;
	status = child_run(words, dir, ret_out, NULL);
	if (status == CHILD_MISSING)
		err("%s is not installed, so there are no debian: kernels here; a package or an "
		    "image works",
		    argv[0]);
	else if (status > 0)
		err("%s %s: %s", argv[0], argv[1], listing_reason(*ret_out, reason));
	free(conf);
	if (status)
		return status > 0 ? EXIT_CANNOT_RUN : EXIT_FAILED;
	return EXIT_OK;
}

/* One state per architecture, and one user of it at a time: apt itself would not wait. */
static int lock_state(const char *state)
{
	char *path = files_text("%s/faultbench.lock", state);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		note("waiting for another fetch to end");
		if (flock(fd, LOCK_EX)) {
			close(fd);
			fd = -1;
		}
	}
	if (fd < 0 && !child_interrupted())
		err_errno("%s", path);
	free(path);
	return fd;
}

static bool prepare_state(const char *state, const char *arch, int *ret_lock)
{
	char *lists = files_text("%s/lists/partial", state);
	char *archives = files_text("%s/archives/partial", state);
	char *status = files_text("%s/status", state);
	char *conf = files_text("%s/apt.conf", state);
	char *text = files_text(apt_conf, arch, state);
	bool ok;

	ok = files_make_dirs(lists) && files_make_dirs(archives) &&
	     (*ret_lock = lock_state(state)) >= 0 && files_write(status, "", 0) &&
	     files_write(conf, text, strlen(text));
	free(lists);
	free(archives);
	free(status);
	free(conf);
	free(text);
	return ok;
}

/* Looks at one package; what it depends on is added, and if it is an image, it is the one. */
static enum exit_status look_at(struct debian_kernel *kernel, const char *package,
				const char *state)
{
	const char *argv[] = {"apt-cache", "show", "--no-all-versions", "--", package, NULL};
	char *out = NULL, *depends, *version;
	enum exit_status status;

	status = apt(state, argv, NULL, &out);
	depends = status ? NULL : listing_field(out, "Depends");
	version = status ? NULL : listing_field(out, "Version");
	if (version && !strncmp(package, "linux-image-", 12)) {
		free(kernel->package);
		free(kernel->version);
		kernel->package = files_text("%s", package);
		kernel->version = version;
		version = NULL;
	}
	if (depends)
		listing_add_parts(kernel->packages, depends, MOST_PACKAGES);
	free(depends);
	free(version);
	free(out);
	return status;
}

/* apt-cache policy knows the name without complaining, which tells "not there" from "broken". */
static enum exit_status is_there(const char *package, const char *arch, const char *state)
{
	const char *argv[] = {"apt-cache", "policy", "--", package, NULL};
	enum exit_status status;
	char *out = NULL;

	status = apt(state, argv, NULL, &out);
	if (!status && !listing_has_candidate(out)) {
		err("debian:%s: no such package for %s in the archives apt is configured for",
		    package, arch);
		status = EXIT_CANNOT_RUN;
	}
	free(out);
	return status;
}

/* Asks the archives anew, with the state prepared and locked. */
static enum exit_status update(const char *state, const char *arch, int *ret_lock)
{
	const char *argv[] = {"apt-get", "update", "-q", NULL};
	enum exit_status status;
	char *out = NULL;

	*ret_lock = -1;
	if (!prepare_state(state, arch, ret_lock))
		return EXIT_FAILED;
	status = apt(state, argv, NULL, &out);
	free(out);
	return status;
}

enum exit_status debian_resolve(const char *package, const char *arch, const char *state,
				struct debian_kernel *ret)
{
	enum exit_status status;
	size_t i;

	memset(ret, 0, sizeof(*ret));
	if (!listing_is_name(package)) {
		err("debian:%s: is no package name", package);
		return EXIT_USAGE;
	}
	note("asking the archives for %s (%s)", package, arch);
	status = update(state, arch, &ret->lock);
	if (!status)
		status = is_there(package, arch, state);
	ret->packages = json_pack("[s]", package);
	for (i = 0; !status && i < json_array_size(ret->packages); i++)
		status = look_at(ret, json_string_value(json_array_get(ret->packages, i)), state);
	if (!status && !ret->package) {
		err("debian:%s: is no linux-image package", package);
		status = EXIT_USAGE;
	}
	if (status)
		debian_free(ret);
	return status;
}

enum exit_status debian_fetch(const struct debian_kernel *kernel, const char *state, const char *to)
{
	const char *argv[MOST_PACKAGES + 5] = {"apt-get", "download", "-q", "--"};
	char *debs = files_text("%s.debs", to), *out = NULL;
	enum exit_status status = EXIT_FAILED;
	json_t *files = NULL, *entry;
	size_t i;

	json_array_foreach(kernel->packages, i, entry) {
		argv[i + 4] = json_string_value(entry);
	}
	note("fetching %s %s", kernel->package, kernel->version);
	if (files_make_dirs(debs))
		status = apt(state, argv, debs, &out);
	if (!status)
		files = files_in(debs);
	if (files)
		status = packages_unpack(files, to) ? EXIT_OK : EXIT_FAILED;
	files_remove(debs);
	json_decref(files);
	free(debs);
	free(out);
	return status;
}

void debian_free(struct debian_kernel *kernel)
{
	free(kernel->package);
	free(kernel->version);
	json_decref(kernel->packages);
	if (kernel->lock > 0)
		close(kernel->lock);
	memset(kernel, 0, sizeof(*kernel));
}

static enum exit_status list_clouds(const char *arch, const char *state, json_t *sources)
{
	const char *argv[] = {"apt-cache", "pkgnames", "linux-image-", NULL};
	char *out = NULL, *rest, *name;
	enum exit_status status;
	int lock;

	note("asking the archives for kernels (%s)", arch);
	status = update(state, arch, &lock);
	if (!status)
		status = apt(state, argv, NULL, &out);
	for (rest = status ? NULL : out; (name = strsep(&rest, "\n"));)
		if (listing_is_cloud(name, arch))
			json_array_append_new(sources, json_sprintf("debian:%s", name));
	free(out);
	if (lock >= 0)
		close(lock);
	return status;
}

json_t *kernel_clouds(const struct arch *arch)
{
	const char *debian = arch->debian;
	json_t *sources = json_array();
	char *state;
	int sig;

	child_catch_signals();
	state = cache_apt_state(debian);
	if (!state || list_clouds(debian, state, sources)) {
		json_decref(sources);
		sources = NULL;
	}
	free(state);
	sig = child_release_signals();
	if (sig)
		raise(sig);
	return sources;
}
