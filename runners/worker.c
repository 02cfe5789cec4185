// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clean.h"
#include "common/files.h"
#include "common/installed.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/runtime_dir.h"
#include "runners/runner.h"

char *worker_path(const struct arch *arch)
{
	const char *named = getenv("FAULTBENCH_WORKER");
	bool foreign = arch && arch != arch_here();
	char *name =
		files_text("%s%sfaultbench-worker", foreign ? arch->uname : "", foreign ? "/" : "");
	char *path = named && !foreign ? strdup(named) : installed_program(name);

	free(name);
	if (path && access(path, X_OK)) {
		err_errno("%s: the worker cannot be run", path);
		free(path);
		path = NULL;
	}
	return path;
}

/* Another architecture's is linked against one that stands beside its folder. */
char *worker_sysroot(const struct arch *arch, const char *worker)
{
	if (arch == arch_here())
		return strdup("");
	return files_text("%.*s/../sysroot-%s", (int)(strrchr(worker, '/') - worker), worker,
			  arch->debian);
}

/* The child's side: input as standard input, out as standard output. */
static void become_worker(const char *path, const char *option, int input, int out)
{
	dup2(input, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	execl(path, "faultbench-worker", option, (char *)NULL);
	err_errno("%s: the worker cannot be run", path);
	_exit(127);
}

/* The input as a file, so that neither side has to wait for the other. */
static int input_file(const json_t *input)
{
	FILE *file = tmpfile();
	int fd;

	if (!file)
		return -1;
	if (input)
		json_dumpf(input, file, JSON_COMPACT);
	fputc('\n', file);
	fflush(file);
	fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);
	fclose(file);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

json_t *worker_ask(const char *option, const json_t *input)
{
	int out[2] = {-1, -1}, in = input_file(input), status = 0;
	char *path = worker_path(NULL), *line;
	struct io_lines lines = {0};
	json_t *answer = NULL;
	pid_t pid;

	if (!path)
		goto out;
	if (in < 0 || pipe2(out, O_CLOEXEC)) {
		err_errno("the worker cannot be asked");
		goto out;
	}
	pid = fork();
	if (pid == 0)
		become_worker(path, option, in, out[1]);
	close(out[1]);
	lines.fd = out[0];
	line = io_lines_wait(&lines);
	answer = line ? json_loads(line, 0, NULL) : NULL;
	clean_json(answer);
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (!answer)
		err("%s %s: no answer (status %d)", path, option,
		    WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	io_lines_free(&lines);
	close(out[0]);
out:
	if (in >= 0)
		close(in);
	free(path);
	return answer;
}

void worker_put_back(void)
{
	char *path = runtime_path(RUNTIME_CHANGED, false);
	struct stat st;

	if (path && !stat(path, &st) && st.st_size)
		json_decref(worker_ask("--put-back", NULL));
	free(path);
}
