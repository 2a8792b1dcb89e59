package letter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/draw"
	_ "image/jpeg" // what a signature may be
	"image/png"

	"acquit/internal/fault"
)

// picture is a signature's image on white.
type picture struct {
	name          string // in its document
	width, height int
	png           []byte
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
	if p, ok := t.pictures[key]; ok {
		return p, nil
	}
	p, err := readPicture(data)
	if err != nil {
		return nil, err
	}
	p.name = hex.EncodeToString(key[:])
	t.pictures[key] = p
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
	var b bytes.Buffer
	if err := png.Encode(&b, onWhite(img)); err != nil {
		return nil, err
	}
	return &picture{width: config.Width, height: config.Height, png: b.Bytes()}, nil
}

// onWhite is an image as paper shows it.
func onWhite(img image.Image) image.Image {
	sheet := image.NewRGBA(img.Bounds())
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(sheet, sheet.Rect, img, img.Bounds().Min, draw.Over)
	return sheet
}

// sized is the picture's size on paper in millimetres, its shape kept.
func (p *picture) sized() (width, height float64) {
	by := min(imageWidth/float64(p.width), imageTall/float64(p.height))
	return float64(p.width) * by, float64(p.height) * by
}

func (p *pen) picture(pic *picture, x, y, width, height float64) {
	p.draw(func(d *document) { d.picture(pic, x, y, width, height) })
}
