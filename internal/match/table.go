package match

import "slices"

// table is a map from hashes to several small numbers, built once: what one
// hash leads to stands together, in the order in which it was put in. It costs
// eight bytes for each entry and four to eight for its bucket. Whoever looks up
// verifies what is found: hashes collide.
type table struct {
	mask  uint32
	start []uint32 // of each bucket
	check []uint32
	value []int32
}

// tableBuilder collects what a table will hold.
type tableBuilder struct {
	bucket, check []uint32
	value         []int32
}

func (b *tableBuilder) add(hash uint64, value int32) {
	b.bucket = append(b.bucket, uint32(hash>>32))
	b.check = append(b.check, uint32(hash))
	b.value = append(b.value, value)
}

// addNew adds a value under a hash unless it was just added for that value.
func (b *tableBuilder) addNew(hash uint64, value int32) {
	for i := len(b.value) - 1; i >= 0 && b.value[i] == value; i-- {
		if b.bucket[i] == uint32(hash>>32) && b.check[i] == uint32(hash) {
			return
		}
	}
	b.add(hash, value)
}

// grow makes room for n more entries.
func (b *tableBuilder) grow(n int) {
	b.bucket, b.check, b.value = slices.Grow(b.bucket, n), slices.Grow(b.check, n), slices.Grow(b.value, n)
}

// build is the table, by counting: twice through the entries.
func (b *tableBuilder) build() table {
	size := uint32(1)
	for int(size) < len(b.value) {
		size *= 2
	}
	t := table{
		mask:  size - 1,
		start: make([]uint32, size+1),
		check: make([]uint32, len(b.value)),
		value: make([]int32, len(b.value)),
	}
	for _, bucket := range b.bucket {
		t.start[bucket&t.mask+1]++
	}
	for i := range size {
		t.start[i+1] += t.start[i]
	}
	next := make([]uint32, size)
	copy(next, t.start)
	for i, bucket := range b.bucket {
		at := next[bucket&t.mask]
		next[bucket&t.mask]++
		t.check[at], t.value[at] = b.check[i], b.value[i]
	}
	return t
}

// find appends to dst what was put in under hash, at most limit of it.
func (t *table) find(dst []int32, hash uint64, limit int) []int32 {
	if len(t.value) == 0 {
		return dst
	}
	bucket, check := uint32(hash>>32)&t.mask, uint32(hash)
	for i := t.start[bucket]; i < t.start[bucket+1] && limit > 0; i++ {
		if t.check[i] == check {
			dst = append(dst, t.value[i])
			limit--
		}
	}
	return dst
}

// count is how many there are under hash.
func (t *table) count(hash uint64) int {
	if len(t.value) == 0 {
		return 0
	}
	n := 0
	bucket, check := uint32(hash>>32)&t.mask, uint32(hash)
	for i := t.start[bucket]; i < t.start[bucket+1]; i++ {
		if t.check[i] == check {
			n++
		}
	}
	return n
}

// hashOf is the hash of a text under a space of its own, so that the digits of a
// number and those of an amount do not meet (FNV-1a, then mixed).
func hashOf[T string | []byte](space byte, s T) uint64 {
	h := uint64(14695981039346656037)
	h = (h ^ uint64(space)) * 1099511628211
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// hashInt is the hash of a whole number under a space.
func hashInt(space byte, n int64) uint64 {
	return mix(mix(uint64(n)+0x9e3779b97f4a7c15) ^ uint64(space)<<56)
}

// mix spreads the bits (the finalizer of MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
