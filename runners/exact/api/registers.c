// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registers by their names (API 2 and later).
 */
#include <string.h>

#include "runners/exact/api/bytes.h"
#include "runners/exact/qemu_api.h"

struct qemu_plugin_register;

/* What all versions begin with; later ones have more behind it. */
typedef struct {
	struct qemu_plugin_register *handle;
	const char *name;
} qemu_plugin_reg_descriptor;

typedef struct {
	const char *data;
	unsigned int len;
} GArray;

unsigned int g_array_get_element_size(GArray *array);
GArray *qemu_plugin_get_registers(void);
/* What it returns is not the same in all versions; the bytes say whether it could. */
int qemu_plugin_read_register(struct qemu_plugin_register *handle, struct bytes *to);

static const char *const *wanted;
static struct qemu_plugin_register *handles[API_REGISTERS];
static bool known;

bool api_registers(const char *const *names)
{
	wanted = names;
	return true;
}

static void look_up(void)
{
	GArray *all = qemu_plugin_get_registers();
	unsigned int size = g_array_get_element_size(all), i, number;
	const qemu_plugin_reg_descriptor *reg;

	for (i = 0; i < all->len; i++) {
		reg = (const qemu_plugin_reg_descriptor *)(all->data + (size_t)i * size);
		for (number = 0; number < API_REGISTERS && wanted[number]; number++)
			if (!strcmp(reg->name, wanted[number]) && !handles[number])
				handles[number] = reg->handle;
	}
	known = true;
}

bool api_register(unsigned int number, uint64_t *ret)
{
	struct bytes *bytes = bytes_empty();

	if (!known)
		look_up();
	if (!handles[number])
		return false;
	qemu_plugin_read_register(handles[number], bytes);
	return bytes_number(bytes, ret);
}
