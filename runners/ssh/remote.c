// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/ssh/remote.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/keep.h"
#include "common/msg.h"
#include "common/process.h"
#include "runners/ssh/keys.h"

#define END_S 5 /* a connection that is ending has ended by then */

#define TEXT_OF(number)	  #number
#define STATUS_OF(number) TEXT_OF(number)

#define READ(variable) "IFS= read -r " variable "; "
#define FOLDER	       "d=${base:-${TMPDIR:-/tmp}}/$name; "
#define REMOVED	       "{ cd /; rm -rf -- \"$d\"; "

const char remote_begin[] = REACH_SCRIPT(
	"LC_ALL=C; export LC_ALL; umask 077; " READ("base") READ("name") READ("size")
		READ("patience") READ("who") FOLDER
	"mkdir -- \"$d\" && cd -- \"$d\" || exit " STATUS_OF(
		REMOTE_NO_FOLDER) "; "
				  "echo " REMOTE_READY "; "
				  "head -c \"$size\" | tar -xf - || " REMOVED "exit " STATUS_OF(
					  REMOTE_NO_FOLDER) "; }; "
							    "LD_LIBRARY_PATH=lib "
							    "HWLOC_PLUGINS_PATH=lib ./" KEEP_WORKER
							    " --keep \"$patience\" \"$who\"; "
							    "s=$?; case $s in 126|127) " REMOVED
							    "} ;; esac; exit $s");

const char remote_go_back[] =
	REACH_SCRIPT(READ("base") READ("name") FOLDER "cd -- \"$d\" 2>/dev/null || exit " STATUS_OF(
		KEEP_GONE) "; "
			   "exec env LD_LIBRARY_PATH=lib ./" KEEP_WORKER " --attach");

static void remote_words(const struct reach *r, const char *script, const char *words[REACH_WORDS])
{
	const struct ssh_keys *keys = ssh_keys(r->machine);
	/*
	 * Nobody is there to be asked while a plan is carried out. Nothing is sent that keeps a
	 * connection alive: it would be answered while an operation is timed.
	 */
	static const char *const fixed[] = {
		"ssh",
		"-T",
		"-oBatchMode=yes",
		"-oLogLevel=ERROR",
		"-oServerAliveInterval=0",
		"-oForwardX11=no",
		"-oForwardAgent=no",
		"-oRemoteCommand=none",
		"-oClearAllForwardings=yes",
	};
	size_t nr = sizeof(fixed) / sizeof(fixed[0]);

	memcpy(words, fixed, sizeof(fixed));
	/* What a host that boots does not hear is said again after 1, 3, 7 and 15 s only. */
	words[nr++] = r->often ? "-oConnectTimeout=8" : "-oConnectTimeout=20";
	/* A connection of the user's that is shared is one to the boot before, and would hang. */
	if (r->machine->starts_kernels)
		words[nr++] = "-oControlPath=none";
	if (keys->config) {
		words[nr++] = "-F";
		words[nr++] = keys->config;
	}
	words[nr++] = "--";
	words[nr++] = keys->host;
	words[nr++] = script;
	words[nr] = NULL;
}

struct reach ssh_reach(const struct machine *m)
{
	return (struct reach){.machine = m, .words = remote_words};
}

struct switching ssh_switching(const struct machine *m)
{
	return (struct switching){&ssh_keys(m)->switching, ssh_reach(m)};
}

static void become_ssh(const struct machine *m, const char *script, int in, int out, int said)
{
	const struct reach reach = ssh_reach(m);
	const char *words[REACH_WORDS];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	remote_words(&reach, script, words);
	execvp(words[0], (char *const *)words);
	perror("ssh");
	_exit(127);
}

bool remote_open(struct remote *r, const struct machine *m, const char *script)
{
	int in[2], out[2], said[2];

	*r = (struct remote){.to = -1};
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(said, O_CLOEXEC) ||
	    (r->pid = fork()) < 0)
		return err_errno("%s: ssh cannot be started", m->name);
	if (r->pid == 0)
		become_ssh(m, script, in[0], out[1], said[1]);
	close(in[0]);
	close(out[1]);
	close(said[1]);
	r->to = in[1];
	r->from.fd = out[0];
	r->said = (struct io_lines){.fd = said[0], .most = sizeof(r->why) - 1};
	return true;
}

/* What tar says in the end, when it has said what is wrong. */
static bool is_closing(const char *line)
{
	return strstr(line, "Error is not recoverable") ||
	       strstr(line, "Exiting with failure status");
}

void remote_hear(struct remote *r)
{
	size_t len;
	char *line;

	if (io_lines_fill(&r->said) <= 0) {
		close(r->said.fd);
		r->said.fd = -1;
	}
	while ((line = io_lines_next(&r->said))) {
		for (len = strlen(line); len && strchr("\r.", line[len - 1]); len--)
			;
		if (len && !is_closing(line))
			snprintf(r->why, sizeof(r->why), "%.*s", (int)len, line);
	}
}

int remote_close(struct remote *r, bool ending)
{
	int status = -1;

	if (r->pid <= 0)
		return -1;
	close(r->to);
	close(r->from.fd);
	child_wait(r->pid, ending ? END_S : 0, &status);
	/* What it started, a ProxyCommand, may hold the pipe open for longer. */
	fcntl(r->said.fd, F_SETFL, O_NONBLOCK);
	if (r->said.fd >= 0)
		remote_hear(r);
	if (r->said.fd >= 0)
		close(r->said.fd);
	io_lines_free(&r->from);
	io_lines_free(&r->said);
	r->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
