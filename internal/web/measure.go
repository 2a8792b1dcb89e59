package web

import (
	"crypto/subtle"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// measure counts and times requests by route.
type measure struct{ took *prometheus.HistogramVec }

func newMeasure(r *prometheus.Registry) (measure, error) {
	m := measure{took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "acquit_http_request_seconds", Help: "Time to answer a request, by route and status.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"route", "status"})}
	return m, r.Register(m.took)
}

// request measures one answer. The route is the pattern, never the path, so
// that there are as many series as routes.
func (m measure) request(r *http.Request, status int, took time.Duration) {
	route := r.Pattern
	if route == "" {
		route = "none"
	}
	m.took.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Metrics shows the measures to whoever comes from this machine or brings the
// token; without a token, to this machine alone. A proxy on this machine must
// not pass it on.
func Metrics(r *prometheus.Registry, token string) http.Handler {
	show := promhttp.HandlerFor(r, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		want, got := []byte("Bearer "+token), []byte(q.Header.Get("Authorization"))
		known := token != "" && subtle.ConstantTimeCompare(want, got) == 1
		if !known && (token != "" || !fromHere(q)) {
			http.Error(w, "forbidden", http.StatusForbidden)
			return
		}
		show.ServeHTTP(w, q)
	})
}

func fromHere(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback() && r.Header.Get("X-Forwarded-For") == ""
}
