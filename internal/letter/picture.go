package letter

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	_ "image/jpeg" // what a signature may be
	_ "image/png"

	"acquit/internal/fault"
)

// picture is a signature's image on white, as a document holds it.
type picture struct {
	name          string
	width, height int
	rgb           []byte
}

// Limits of an image: a signature is scanned at 300 points per inch.
const (
	maxImage  = 4 << 20 // bytes
	maxPixels = 4 << 20
)

// picture reads an image once for a document; nil is no image.
func (t *typeCase) picture(data []byte) (*picture, error) {
	if len(data) == 0 {
		return nil, nil
	}
	key := sha256.Sum256(data)
	for i := range t.pictures {
		if t.keys[i] == key {
			return t.pictures[i], nil
		}
	}
	p, err := readPicture(data)
	if err != nil {
		return nil, err
	}
	p.name = fmt.Sprintf("I%d", len(t.pictures))
	t.pictures, t.keys = append(t.pictures, p), append(t.keys, key)
	return p, nil
}

// CheckImage tells whether an image can stand above a signature.
func CheckImage(data []byte) error {
	_, err := readPicture(data)
	return err
}

func readPicture(data []byte) (*picture, error) {
	wrong := func(why string) error {
		return &fault.Invalid{
			Field: "signature", Message: "l’image de la signature " + why, Mend: "donnez un PNG ou un JPEG de moins de 4 Mo",
		}
	}
	if len(data) > maxImage {
		return nil, wrong("est trop lourde")
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, wrong("ne se lit pas")
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxPixels/config.Height {
		return nil, wrong("est trop grande")
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, wrong("ne se lit pas")
	}
	return &picture{width: config.Width, height: config.Height, rgb: onWhite(img)}, nil
}

// onWhite is the colours of an image as paper shows them.
func onWhite(img image.Image) []byte {
	b := img.Bounds()
	out := make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			red, green, blue, alpha := img.At(x, y).RGBA() // already multiplied by alpha
			white := 0xFFFF - alpha
			out = append(out, byte((red+white)>>8), byte((green+white)>>8), byte((blue+white)>>8))
		}
	}
	return out
}

// sized is the picture's size on paper in millimetres, its shape kept.
func (p *picture) sized() (width, height float64) {
	by := min(imageWidth/float64(p.width), imageTall/float64(p.height))
	return float64(p.width) * by, float64(p.height) * by
}

func (p *pen) picture(pic *picture, x, y, width, height float64) {
	p.ops.WriteString("q ")
	p.number(width * pointsPerMillimetre)
	p.ops.WriteString("0 0 ")
	p.number(height * pointsPerMillimetre)
	p.point(x, y+height)
	p.ops.WriteString("cm /" + pic.name + " Do Q\n")
}

func (f *file) putPicture(p *picture) ref {
	return f.stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB "+
		"/BitsPerComponent 8", p.width, p.height), p.rgb)
}
