// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/devices.h"

#include <errno.h>
#include <stdio.h>

#include "bench/harness/provide/changes_write.h"
#include "bench/harness/provide/nullb.h"
#include "bench/harness/provide/zram.h"

static int write_zram(const struct devices *c, int fd)
{
	if (c->zram < 0)
		return changes_write(fd, json_pack("{s:i,s:O?}", "zram", -1, "there", c->before));
	return changes_write(fd, json_pack("{s:i,s:I}", "zram", c->zram, "size",
					   (json_int_t)c->zram_size));
}

int devices_zram(struct devices *c, int fd, size_t size, bool swap)
{
	int device = -1, error;

	if (c->zram >= 0)
		return 0;
	c->zram_earlier = false;
	c->before = zram_devices();
	error = write_zram(c, fd);
	if (!error)
		error = zram_add(&device);
	if (!error) {
		c->zram = device;
		c->zram_size = size;
		error = write_zram(c, fd);
	}
	error = error ? error : zram_resize(device, size);
	if (!error && swap)
		error = zram_swap_on(device, size);
	if (error && device >= 0 && !zram_remove(device))
		c->zram = -1;
	if (c->zram < 0) {
		json_decref(c->before);
		c->before = NULL;
	}
	return error;
}

/* Whether a device is the one that was made and not yet written down: the only new one, unused. */
static int unwritten_zram(const struct devices *c)
{
	json_t *now = c->before ? zram_devices() : NULL, *number;
	int device = -1;
	size_t i;

	json_array_foreach(now, i, number) {
		if (!zram_has(c->before, (int)json_integer_value(number)) &&
		    zram_is_unused((int)json_integer_value(number)))
			device = (int)json_integer_value(number);
	}
	json_decref(now);
	return device;
}

/* The device that is to be removed, or -1. */
static int zram_left(const struct devices *c)
{
	if (c->zram < 0)
		return unwritten_zram(c);
	return !c->zram_earlier || zram_is_ours(c->zram, c->zram_size) ? c->zram : -1;
}

static int undo_zram(struct devices *c, char *failed, size_t room)
{
	int device = zram_left(c), error = device >= 0 ? zram_remove(device) : 0;

	if (error) {
		snprintf(failed, room, "/dev/zram%d", device);
		return c->zram_earlier ? 0 : error;
	}
	c->zram = -1;
	json_decref(c->before);
	c->before = NULL;
	return 0;
}

int devices_nullb(struct devices *d, int fd, size_t size, long us, char path[32])
{
	int error = nullb_is_there() ? EEXIST : 0;

	if (!error)
		error = changes_write(fd, json_pack("{s:b}", "nullb", 1));
	if (!error) {
		d->nullb = true;
		d->nullb_earlier = false;
		error = nullb_make(size, us, path);
	}
	return error;
}

static int undo_nullb(struct devices *d, char *failed, size_t room)
{
	int error = d->nullb ? nullb_remove() : 0;

	if (!error)
		d->nullb = false;
	else
		snprintf(failed, room, NULLB_OURS);
	return d->nullb_earlier ? 0 : error;
}

bool devices_take(struct devices *d, const json_t *json)
{
	json_int_t size = 0;
	int zram, nullb;

	if (!json_unpack((json_t *)json, "{s:b}", "nullb", &nullb)) {
		d->nullb = d->nullb_earlier = nullb;
		return true;
	}
	if (json_unpack((json_t *)json, "{s:i,s?I}", "zram", &zram, "size", &size))
		return false;
	d->zram = zram;
	d->zram_size = (size_t)size;
	json_decref(d->before);
	d->before = json_incref(json_object_get(json, "there"));
	d->zram_earlier = true;
	return true;
}

int devices_write(const struct devices *d, int fd)
{
	int error = d->zram >= 0 || d->before ? write_zram(d, fd) : 0;

	if (!error && d->nullb)
		error = changes_write(fd, json_pack("{s:b}", "nullb", 1));
	return error;
}

bool devices_any(const struct devices *d)
{
	return d->zram >= 0 || d->before || d->nullb;
}

int devices_undo(struct devices *d, char *failed, size_t room)
{
	int first = undo_nullb(d, failed, room), error = undo_zram(d, failed, room);

	return first ? first : error;
}

static void add(json_t *list, json_t *what, json_t *mend)
{
	json_array_append_new(list, json_pack("{s:o,s:o}", "what", what, "mend", mend));
}

void devices_list(const struct devices *d, json_t *list)
{
	int device = zram_left(d);

	if (device >= 0)
		add(list, json_sprintf("/dev/zram%d is there", device),
		    json_sprintf("swapoff /dev/zram%d; echo %d >%s", device, device, ZRAM_REMOVE));
	if (d->nullb && nullb_is_there())
		add(list, json_sprintf("the block device %s is there", NULLB_OURS),
		    json_sprintf("rmdir %s", NULLB_OURS));
}

void devices_end(struct devices *d)
{
	json_decref(d->before);
	*d = DEVICES_NONE;
}
