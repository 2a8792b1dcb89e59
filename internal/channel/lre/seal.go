package lre

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// AR24 takes as keys of AES-256-CBC the first letters of hexadecimal digests,
// not their bytes: 32 for the key, 16 for the vector.
const keySize = 32

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func vector(private string) []byte { return []byte(digest(digest(private))[:aes.BlockSize]) }

// sign is the signature of a request: its date, encrypted with the private key.
func sign(private, date string) (string, error) {
	block, err := aes.NewCipher([]byte(digest(private)[:keySize]))
	if err != nil {
		return "", err
	}
	pad := aes.BlockSize - len(date)%aes.BlockSize
	text := append([]byte(date), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, vector(private)).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(text), nil
}

var errSealed = errors.New("la réponse d’AR24 ne s’ouvre pas avec la clé privée")

// unseal opens an answer to the request of that date.
func unseal(private, date string, sealed []byte) ([]byte, error) {
	text, err := base64.StdEncoding.DecodeString(string(bytes.Trim(sealed, "\" \r\n\t")))
	if err != nil || len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return nil, errSealed
	}
	block, err := aes.NewCipher([]byte(digest(date + private)[:keySize]))
	if err != nil {
		return nil, err
	}
	cipher.NewCBCDecrypter(block, vector(private)).CryptBlocks(text, text)
	pad := int(text[len(text)-1])
	if pad < 1 || pad > aes.BlockSize || !bytes.HasSuffix(text, bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, errSealed
	}
	return text[:len(text)-pad], nil
}

// otpKey reads the key of one-time codes.
func otpKey(s string) ([]byte, error) {
	s = strings.TrimRight(strings.ToUpper(strings.Join(strings.Fields(s), "")), "=")
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s)
}

// otp is the one-time code of a moment (RFC 6238: 30 seconds, six digits).
func otp(key string, at time.Time) (string, error) {
	k, err := otpKey(key)
	if err != nil {
		return "", err
	}
	const step, size = 30, 1_000_000
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(at.Unix()/step))
	mac := hmac.New(sha1.New, k)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[from:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%size), nil
}
