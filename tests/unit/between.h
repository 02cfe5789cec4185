/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmocka's assert_in_range() has another name in cmocka 2, where the old one is a warning.
 */
#ifndef TESTS_UNIT_BETWEEN_H
#define TESTS_UNIT_BETWEEN_H

#define assert_between(nr, least, most)                                                 \
	do {                                                                            \
		long between_ = (long)(nr);                                             \
                                                                                        \
		if (between_ < (long)(least) || between_ > (long)(most))                \
			fail_msg("%ld is not from %ld to %ld", between_, (long)(least), \
				 (long)(most));                                         \
	} while (0)

#endif
