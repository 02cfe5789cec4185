/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What belongs to faultbench and is found from where the program is: in a build folder beside it
 * and in the tree above, or where `meson install` puts it (meson.build), wherever that was moved
 * to.
 */
#ifndef COMMON_INSTALLED_H
#define COMMON_INSTALLED_H

/*
 * The absolute path of a program or plugin ("faultbench-worker", "aarch64/faultbench-worker"), or
 * of a file or folder of configs/ ("plans/quick.ini"); malloc'ed. If it is nowhere, where it should
 * be.
 */
char *installed_program(const char *name);
char *installed_config(const char *name);

#endif
