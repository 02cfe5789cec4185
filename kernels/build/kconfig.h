/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a tree's Kconfig files say of a symbol: whether there is one, and what keeps it off.
 */
#ifndef KERNELS_BUILD_KCONFIG_H
#define KERNELS_BUILD_KCONFIG_H

#include <stdbool.h>

/*
 * Whether a Kconfig file of the tree in the folder src has the symbol, which is named without
 * CONFIG_. Other architectures' folders than arch/FOLDER are left out.
 */
bool kconfig_has(const char *src, const char *folder, const char *symbol);

/*
 * Which of the symbol's own `depends on` a .config, given as text, does not meet, and by what:
 * "depends on !NUMA (NUMA=y)", several with ", " between; malloc'ed, "" if it meets them all. NULL
 * if the tree has no such symbol. What menus around it depend on is not looked at.
 */
char *kconfig_unmet(const char *src, const char *folder, const char *symbol, const char *config);

#endif
