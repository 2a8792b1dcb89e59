package aging

import (
	"math/big"

	"acquit/internal/money"
)

// Figure is an exact fraction, or no figure at all where a division by zero
// stands: then it is shown as nothing, never as 0 or ∞. The zero Figure is none.
type Figure struct{ exact *big.Rat }

// Known tells whether there is a figure.
func (f Figure) Known() bool { return f.exact != nil }

// String is the figure with two decimals and a dot, half away from zero; nothing
// for none.
func (f Figure) String() string {
	if f.exact == nil {
		return ""
	}
	return f.exact.FloatString(figureDecimals)
}

const figureDecimals = 2

// Whole is the figure without decimals, half away from zero; nothing for none.
func (f Figure) Whole() string {
	if f.exact == nil {
		return ""
	}
	return f.exact.FloatString(0)
}

// MarshalJSON writes a number with two decimals, or null.
func (f Figure) MarshalJSON() ([]byte, error) {
	if f.exact == nil {
		return []byte("null"), nil
	}
	return []byte(f.String()), nil
}

// IsZero tells whether there is no figure, for encoders that leave it out.
func (f Figure) IsZero() bool { return f.exact == nil }

// Sub is f − g, none if either is none.
func (f Figure) Sub(g Figure) Figure {
	if f.exact == nil || g.exact == nil {
		return Figure{}
	}
	return Figure{new(big.Rat).Sub(f.exact, g.exact)}
}

// Cmp is −1, 0 or +1 as f is less than, equal to or more than g; none comes first.
func (f Figure) Cmp(g Figure) int {
	switch {
	case f.exact == nil && g.exact == nil:
		return 0
	case f.exact == nil:
		return -1
	case g.exact == nil:
		return 1
	}
	return f.exact.Cmp(g.exact)
}

// ratio is a/b, none when b is zero.
func ratio(a, b *big.Int) Figure {
	if b.Sign() == 0 {
		return Figure{}
	}
	return Figure{new(big.Rat).SetFrac(a, b)}
}

func (f Figure) times(n int64) Figure {
	if f.exact == nil {
		return f
	}
	return Figure{new(big.Rat).Mul(f.exact, new(big.Rat).SetInt64(n))}
}

func (f Figure) plus(g Figure) Figure {
	if f.exact == nil || g.exact == nil {
		return Figure{}
	}
	return Figure{new(big.Rat).Add(f.exact, g.exact)}
}

func whole(n int64) Figure { return Figure{new(big.Rat).SetInt64(n)} }

func minor(a money.Amount) *big.Int { return big.NewInt(a.Minor) }

func bigOf(n uint64) *big.Int { return new(big.Int).SetUint64(n) }

// big is the product's value.
func (p product) big() *big.Int {
	v := bigOf(p.hi)
	return v.Lsh(v, 64).Add(v, bigOf(p.lo))
}
