package letter

import "acquit/internal/fault"

// matrix is a QR code (ISO/IEC 18004): byte mode, error correction of level M,
// which a payment code asks for (EPC069-12), versions 1 to 13.
type matrix struct {
	size  int
	dark  []bool
	fixed []bool // modules that say how to read the others
}

// layout is how the codewords of a version are cut into blocks at level M.
type layout struct {
	correction int    // codewords that each block adds to its data
	blocks     [2]int // how many there are of the shorter and of the longer
	data       int    // codewords of a shorter block; a longer one has one more
	align      []int  // the centres of alignment patterns, along both sides
}

// layouts are those of versions 1 to 13 (ISO/IEC 18004, tables 9 and E.1).
var layouts = []layout{
	{10, [2]int{1, 0}, 16, nil},
	{16, [2]int{1, 0}, 28, []int{6, 18}},
	{26, [2]int{1, 0}, 44, []int{6, 22}},
	{18, [2]int{2, 0}, 32, []int{6, 26}},
	{24, [2]int{2, 0}, 43, []int{6, 30}},
	{16, [2]int{4, 0}, 27, []int{6, 34}},
	{18, [2]int{4, 0}, 31, []int{6, 22, 38}},
	{22, [2]int{2, 2}, 38, []int{6, 24, 42}},
	{22, [2]int{3, 2}, 36, []int{6, 26, 46}},
	{26, [2]int{4, 1}, 43, []int{6, 28, 50}},
	{30, [2]int{1, 4}, 50, []int{6, 30, 54}},
	{22, [2]int{6, 2}, 36, []int{6, 32, 58}},
	{22, [2]int{8, 1}, 37, []int{6, 34, 62}},
}

func (l layout) capacity() int { return l.blocks[0]*l.data + l.blocks[1]*(l.data+1) }

// longCount is the version from which the length takes two bytes.
const longCount = 10

// encode makes the code of a content.
func encode(content string) (*matrix, error) {
	for i, l := range layouts {
		version := i + 1
		head := 2 // the mode and a length of one byte take a byte and a half
		if version >= longCount {
			head = 3
		}
		if len(content)+head <= l.capacity() {
			m := newMatrix(version, l)
			m.fill(interleave(l, codewords(content, l.capacity(), version)))
			m.mask()
			return m, nil
		}
	}
	return nil, fault.Invalidf("payment", "le code de paiement est trop long\u00a0: %d octets", len(content))
}

// codewords are the mode, the length and the content, filled up.
func codewords(content string, capacity, version int) []byte {
	out := make([]byte, 0, capacity)
	n := len(content)
	rest := byte(4) // byte mode, in the upper half of the first byte
	add := func(b byte) {
		out = append(out, rest<<4|b>>4)
		rest = b & 15
	}
	if version >= longCount {
		add(byte(n >> 8)) //nolint:gosec // below 65536
	}
	add(byte(n)) //nolint:gosec // the lower byte
	for i := range n {
		add(content[i])
	}
	out = append(out, rest<<4)
	for pad := byte(0xEC); len(out) < capacity; pad ^= 0xEC ^ 0x11 {
		out = append(out, pad)
	}
	return out
}

// interleave cuts codewords into blocks, adds to each its correction, and takes
// one of each in turn.
func interleave(l layout, data []byte) []byte {
	divisor := generator(l.correction)
	var blocks, corrections [][]byte
	for i := range l.blocks[0] + l.blocks[1] {
		n := l.data
		if i >= l.blocks[0] {
			n++
		}
		blocks, corrections = append(blocks, data[:n]), append(corrections, remainder(data[:n], divisor))
		data = data[n:]
	}
	var out []byte
	for i := range l.data + 1 {
		for _, b := range blocks {
			if i < len(b) {
				out = append(out, b[i])
			}
		}
	}
	for i := range l.correction {
		for _, c := range corrections {
			out = append(out, c[i])
		}
	}
	return out
}

// multiply is the product in the field of 256 elements of QR codes.
func multiply(x, y byte) (z byte) {
	for i := 7; i >= 0; i-- {
		z = z<<1 ^ z>>7*0x1D
		z ^= y >> i & 1 * x
	}
	return z
}

// generator is the divisor of a Reed-Solomon code of that degree, without its
// leading 1.
func generator(degree int) []byte {
	out := make([]byte, degree)
	out[degree-1] = 1
	root := byte(1)
	for range degree {
		for j := range out {
			out[j] = multiply(out[j], root)
			if j+1 < degree {
				out[j] ^= out[j+1]
			}
		}
		root = multiply(root, 2)
	}
	return out
}

func remainder(data, divisor []byte) []byte {
	out := make([]byte, len(divisor))
	for _, b := range data {
		factor := b ^ out[0]
		copy(out, out[1:])
		out[len(out)-1] = 0
		if factor == 0 {
			continue
		}
		for i, d := range divisor {
			out[i] ^= multiply(d, factor)
		}
	}
	return out
}

func newMatrix(version int, l layout) *matrix {
	size := 17 + 4*version
	m := &matrix{size: size, dark: make([]bool, size*size), fixed: make([]bool, size*size)}
	for i := range size {
		m.set(6, i, i%2 == 0)
		m.set(i, 6, i%2 == 0)
	}
	m.finder(3, 3)
	m.finder(size-4, 3)
	m.finder(3, size-4)
	last := len(l.align) - 1
	for i, x := range l.align {
		for j, y := range l.align {
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue // a finder is there
			}
			m.square(x, y, 2, func(distance int) bool { return distance != 1 })
		}
	}
	m.format(0)
	m.version(version)
	return m
}

func (m *matrix) set(x, y int, dark bool) {
	m.dark[y*m.size+x], m.fixed[y*m.size+x] = dark, true
}

func (m *matrix) finder(x, y int) {
	m.square(x, y, 4, func(distance int) bool { return distance != 2 && distance != 4 })
}

// square draws rings around a centre.
func (m *matrix) square(x, y, radius int, dark func(distance int) bool) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			if px, py := x+dx, y+dy; px >= 0 && px < m.size && py >= 0 && py < m.size {
				m.set(px, py, dark(max(dx, -dx, dy, -dy)))
			}
		}
	}
}

// format writes the level, M, and the mask, twice.
func (m *matrix) format(mask int) {
	rest := mask
	for range 10 {
		rest = rest<<1 ^ rest>>9*0x537
	}
	bits := (mask<<10 | rest) ^ 0x5412
	dark := func(i int) bool { return bits>>i&1 == 1 }
	for i := range 6 {
		m.set(8, i, dark(i))
	}
	m.set(8, 7, dark(6))
	m.set(8, 8, dark(7))
	m.set(7, 8, dark(8))
	for i := 9; i < 15; i++ {
		m.set(14-i, 8, dark(i))
	}
	for i := range 8 {
		m.set(m.size-1-i, 8, dark(i))
	}
	for i := 8; i < 15; i++ {
		m.set(8, m.size-15+i, dark(i))
	}
	m.set(8, m.size-8, true)
}

// version is written on codes of version 7 and above, twice.
func (m *matrix) version(version int) {
	const firstWritten = 7
	if version < firstWritten {
		return
	}
	rest := version
	for range 12 {
		rest = rest<<1 ^ rest>>11*0x1F25
	}
	bits := version<<12 | rest
	for i := range 18 {
		a, b := m.size-11+i%3, i/3
		m.set(a, b, bits>>i&1 == 1)
		m.set(b, a, bits>>i&1 == 1)
	}
}

// fill lays codewords in columns two modules wide, up and down, from the right.
func (m *matrix) fill(data []byte) {
	i := 0
	for right := m.size - 1; right >= 1; right -= 2 {
		if right == 6 {
			right = 5 // the timing pattern
		}
		for vertical := range m.size {
			y := vertical
			if (right+1)&2 == 0 {
				y = m.size - 1 - vertical
			}
			for _, x := range []int{right, right - 1} {
				if at := y*m.size + x; !m.fixed[at] && i < 8*len(data) {
					m.dark[at] = data[i/8]>>(7-i%8)&1 == 1
					i++
				}
			}
		}
	}
}

var masks = [8]func(x, y int) bool{
	func(x, y int) bool { return (x+y)%2 == 0 },
	func(_, y int) bool { return y%2 == 0 },
	func(x, _ int) bool { return x%3 == 0 },
	func(x, y int) bool { return (x+y)%3 == 0 },
	func(x, y int) bool { return (x/3+y/2)%2 == 0 },
	func(x, y int) bool { return x*y%2+x*y%3 == 0 },
	func(x, y int) bool { return (x*y%2+x*y%3)%2 == 0 },
	func(x, y int) bool { return ((x+y)%2+x*y%3)%2 == 0 },
}

// mask turns the data over in the way that is read best.
func (m *matrix) mask() {
	best, least := 0, -1
	for i := range masks {
		m.turn(i)
		if p := m.penalty(); least < 0 || p < least {
			best, least = i, p
		}
		m.turn(i)
	}
	m.turn(best)
}

func (m *matrix) turn(mask int) {
	m.format(mask)
	turned := masks[mask]
	for y := range m.size {
		for x := range m.size {
			if at := y*m.size + x; !m.fixed[at] && turned(x, y) {
				m.dark[at] = !m.dark[at]
			}
		}
	}
}

// penalty is what makes a code hard to read: long runs, squares, what looks like
// a finder, and too much of one colour.
func (m *matrix) penalty() int {
	sum, dark := 0, 0
	for i := range m.size {
		sum += m.linePenalty(i*m.size, 1) + m.linePenalty(i, m.size)
	}
	for y := range m.size {
		for x := range m.size {
			at := y*m.size + x
			if m.dark[at] {
				dark++
			}
			if x > 0 && y > 0 && m.dark[at] == m.dark[at-1] && m.dark[at] == m.dark[at-m.size] &&
				m.dark[at] == m.dark[at-m.size-1] {
				sum += 3
			}
		}
	}
	total := m.size * m.size
	off := 20*dark - 10*total
	return sum + max(off, -off)/total*10
}

// linePenalty is that of one row or column.
func (m *matrix) linePenalty(from, step int) (sum int) {
	const finderBefore, finderAfter, window = 0b00001011101, 0b10111010000, 1<<11 - 1
	run, seen := 0, 0
	for i := range m.size {
		dark := m.dark[from+i*step]
		if i > 0 && dark == m.dark[from+(i-1)*step] {
			run++
		} else {
			run = 1
		}
		switch {
		case run == 5:
			sum += 3
		case run > 5:
			sum++
		}
		seen = seen << 1 & window
		if dark {
			seen |= 1
		}
		if i >= 10 && (seen == finderBefore || seen == finderAfter) {
			sum += 40
		}
	}
	return sum
}
