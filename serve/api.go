package serve

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
)

// reply is a response with a JSON body.
type reply[T any] struct{ Body T }

// window caps how far back the map looks for a vessel's newest fix.
const maxWindow = 90 * 24 * time.Hour

// register adds every operation of the API.
func register(api huma.API, b Backend) {
	registerState(api, b)
	registerFeeds(api, b)
	registerVessels(api, b)
	registerCertificates(api, b)
	registerSettlements(api, b)
	registerLists(api, b)
	registerSubjects(api, b)
	registerOwnership(api, b)
}

func get(id, path, summary string, tag string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary, Tags: []string{tag}}
}

func post(id, path, summary string, tag string) huma.Operation {
	op := get(id, path, summary, tag)
	op.Method, op.MaxBodyBytes = http.MethodPost, maxBody
	return op
}

func registerState(api huma.API, b Backend) {
	huma.Register(api, get("status", "/status", "What this installation holds", "state"),
		func(ctx context.Context, _ *struct{}) (*reply[Status], error) {
			s, err := b.Status(ctx)
			return answer(s, err)
		})
	type zonesIn struct {
		At      string `query:"at" doc:"say which zones were in force at this time; default now" example:"2026-01-02"`
		KnownAt string `query:"known_at" doc:"only what was held by then"`
	}
	op := get("zones", "/zones", "Zones, as a GeoJSON FeatureCollection", "state")
	huma.Register(api, op, func(ctx context.Context, in *zonesIn) (*reply[json.RawMessage], error) {
		at, err := times(in.At, in.KnownAt)
		if err != nil {
			return nil, problem(err)
		}
		zones, err := b.Zones(ctx, at[0], at[1])
		if err != nil {
			return nil, problem(err)
		}
		if at[0].IsZero() {
			at[0] = b.Now()
		}
		fc, err := zoneCollection(zones, at[0])
		return answer(fc, err)
	})
	type eventsIn struct {
		MMSI  string `query:"mmsi" doc:"of this vessel"`
		Kind  string `query:"kind" doc:"of this kind" example:"gap"`
		From  string `query:"from" doc:"overlapping the time from"`
		To    string `query:"to" doc:"until, exclusive"`
		Limit int    `query:"limit" minimum:"1" maximum:"10000" default:"1000"`
	}
	type eventsOut struct {
		Events []navicert.Event `json:"events"`
	}
	huma.Register(api, get("events", "/events", "Behaviour events", "state"),
		func(ctx context.Context, in *eventsIn) (*reply[eventsOut], error) {
			at, err := times(in.From, in.To)
			if err != nil {
				return nil, problem(err)
			}
			f := detect.Filter{Kind: in.Kind, From: at[0], To: at[1], Limit: in.Limit}
			if in.MMSI != "" {
				if f.MMSI, err = navicert.ParseMMSI(in.MMSI); err != nil {
					return nil, problem(err)
				}
			}
			events, err := b.Events(ctx, f)
			return answer(eventsOut{orEmpty(events)}, err)
		})
}

func registerFeeds(api huma.API, b Backend) {
	type feedsIn struct {
		From  string `query:"from" doc:"outages that lasted after this time"`
		To    string `query:"to" doc:"outages that began before this time"`
		Limit int    `query:"limit" minimum:"1" maximum:"10000" default:"100" doc:"outages of each feed, the newest"`
	}
	type feedsOut struct {
		Feeds []navicert.FeedRecord `json:"feeds"`
	}
	huma.Register(api, get("feeds", "/feeds", "Live feeds and when they were not heard", "state"),
		func(ctx context.Context, in *feedsIn) (*reply[feedsOut], error) {
			at, err := times(in.From, in.To)
			if err != nil {
				return nil, problem(err)
			}
			feeds, err := b.Feeds(ctx, at[0], at[1], in.Limit)
			return answer(feedsOut{orEmpty(feeds)}, err)
		})
}

func registerVessels(api huma.API, b Backend) {
	type latestIn struct {
		At     string `query:"at" doc:"the map's time; default: the newest position held" example:"2026-01-02T12:00:00Z"`
		Window string `query:"window" doc:"how far back to look, as 72h" default:"72h"`
	}
	type latestOut struct {
		At      navicert.Instant `json:"at"`
		Vessels []VesselNow      `json:"vessels"`
	}
	huma.Register(api, get("vessels", "/vessels", "The newest position of every vessel", "vessels"),
		func(ctx context.Context, in *latestIn) (*reply[latestOut], error) {
			at, err := times(in.At)
			if err != nil {
				return nil, problem(err)
			}
			window, err := time.ParseDuration(in.Window)
			if err != nil || window <= 0 || window > maxWindow {
				return nil, problem(navicert.Errorf(navicert.Invalid, "window", in.Window, "want a duration such as 72h, at most 2160h"))
			}
			t := at[0]
			if t.IsZero() {
				s, err := b.Status(ctx)
				if err != nil {
					return nil, problem(err)
				}
				if t = s.DataTo.Time; t.IsZero() {
					t = s.Now.Time
				}
			}
			vessels, err := b.Latest(ctx, t, window)
			return answer(latestOut{At: navicert.At(t), Vessels: orEmpty(vessels)}, err)
		})
	type vesselIn struct {
		MMSI string `path:"mmsi" example:"775123000"`
		At   string `query:"at" doc:"as of this time; default: its newest position"`
	}
	huma.Register(api, get("vessel", "/vessels/{mmsi}", "One vessel: identity history, last position, events, certificates", "vessels"),
		func(ctx context.Context, in *vesselIn) (*reply[VesselDetail], error) {
			mmsi, err := navicert.ParseMMSI(in.MMSI)
			if err != nil {
				return nil, problem(err)
			}
			at, err := times(in.At)
			if err != nil {
				return nil, problem(err)
			}
			v, err := b.Vessel(ctx, mmsi, at[0])
			v.Identities, v.Events, v.Certificates = orEmpty(v.Identities), orEmpty(v.Events), orEmpty(v.Certificates)
			return answer(v, err)
		})
	type trackIn struct {
		MMSI string `path:"mmsi"`
		From string `query:"from" doc:"default: 30 days before to"`
		To   string `query:"to" doc:"exclusive; default now"`
	}
	type trackOut struct {
		MMSI  navicert.MMSI `json:"mmsi"`
		Fixes []trackPoint  `json:"fixes"`
	}
	huma.Register(api, get("track", "/vessels/{mmsi}/track", "The positions of one vessel in time order", "vessels"),
		func(ctx context.Context, in *trackIn) (*reply[trackOut], error) {
			mmsi, err := navicert.ParseMMSI(in.MMSI)
			if err != nil {
				return nil, problem(err)
			}
			at, err := times(in.From, in.To)
			if err != nil {
				return nil, problem(err)
			}
			fixes, err := b.Track(ctx, mmsi, at[0], at[1])
			return answer(trackOut{mmsi, trackPoints(fixes)}, err)
		})
}

// trackPoint is one position of a track.
type trackPoint struct {
	Time   navicert.Instant      `json:"time"`
	Lat    float64               `json:"lat"`
	Lon    float64               `json:"lon"`
	Speed  navicert.Opt[float64] `json:"speed,omitzero"`
	Course navicert.Opt[float64] `json:"course,omitzero"`

	Station       string            `json:"station,omitempty"`
	OtherStations navicert.Stations `json:"other_stations,omitempty" doc:"the other receivers of the same transmission"`
	Ref           navicert.Ref      `json:"ref" doc:"where it was read: the line of a table, the offset of a sentence in a file"`
}

func trackPoints(fixes []navicert.Fix) []trackPoint {
	out := make([]trackPoint, len(fixes))
	for i, f := range fixes {
		out[i] = trackPoint{navicert.At(f.Time), f.Pos.Lat, f.Pos.Lon, f.SpeedKn, f.CourseDeg, f.Station, f.OtherStations, f.Ref}
	}
	return out
}

func registerCertificates(api huma.API, b Backend) {
	type checkIn struct {
		Body struct {
			Voyage  navicert.Voyage  `json:"voyage"`
			AsOf    navicert.Instant `json:"as_of,omitzero" doc:"the world's time to check as of; default now"`
			KnownAt navicert.Instant `json:"known_at,omitzero" doc:"use only what this installation held by then; default now"`
		}
	}
	huma.Register(api, post("check", "/check", "Check a voyage and issue its certificate", "certificates"),
		func(ctx context.Context, in *checkIn) (*reply[navicert.Certificate], error) {
			c, err := b.Check(ctx, in.Body.Voyage, in.Body.AsOf.Time, in.Body.KnownAt.Time)
			return answer(c, err)
		})
	type certsIn struct {
		Since string `query:"since" doc:"issued at or after"`
		Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	}
	type certsOut struct {
		Certificates []navicert.Certificate `json:"certificates"`
	}
	huma.Register(api, get("certificates", "/certificates", "Issued certificates, newest first", "certificates"),
		func(ctx context.Context, in *certsIn) (*reply[certsOut], error) {
			at, err := times(in.Since)
			if err != nil {
				return nil, problem(err)
			}
			cs, err := b.Certificates(ctx, at[0], in.Limit)
			return answer(certsOut{orEmpty(cs)}, err)
		})
	type certIn struct {
		ID string `path:"id" pattern:"^[0-9a-f]{32}$"`
	}
	huma.Register(api, get("certificate", "/certificates/{id}", "One certificate", "certificates"),
		func(ctx context.Context, in *certIn) (*reply[navicert.Certificate], error) {
			c, err := b.Certificate(ctx, in.ID)
			return answer(c, err)
		})
}

func registerLists(api huma.API, b Backend) {
	type listsOut struct {
		Publications []list.Publication `json:"publications"`
	}
	huma.Register(api, get("lists", "/lists", "The publications of sanctions lists that are held", "lists"),
		func(ctx context.Context, _ *struct{}) (*reply[listsOut], error) {
			ps, err := b.Publications(ctx)
			return answer(listsOut{orEmpty(ps)}, err)
		})
}

// zoneCollection writes zones as GeoJSON and says of each whether it was in
// force at t.
func zoneCollection(zones []geo.Zone, t time.Time) (json.RawMessage, error) {
	type feature struct {
		Type       string          `json:"type"`
		ID         json.RawMessage `json:"id,omitempty"`
		Properties map[string]any  `json:"properties"`
		Geometry   json.RawMessage `json:"geometry"`
	}
	out := struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{"FeatureCollection", []feature{}}
	for i := range zones {
		b, err := zones[i].Feature()
		if err != nil {
			return nil, err
		}
		var f feature
		if err := json.Unmarshal(b, &f); err != nil {
			return nil, navicert.Errorf(navicert.Invalid, "zone", zones[i].ID, "%w", err)
		}
		f.Properties["in_force"] = zones[i].InForce(t)
		f.Geometry = zones[i].Area.OutlineGeoJSON()
		out.Features = append(out.Features, f)
	}
	return json.Marshal(out)
}

// times parses query parameters that are times; empty gives the zero time.
func times(values ...string) ([]time.Time, error) {
	out := make([]time.Time, len(values))
	for i, v := range values {
		if v == "" {
			continue
		}
		t, err := navicert.ParseInstant(v)
		if err != nil {
			return nil, err
		}
		out[i] = t.Time
	}
	return out, nil
}

func answer[T any](body T, err error) (*reply[T], error) {
	if err != nil {
		return nil, problem(err)
	}
	return &reply[T]{body}, nil
}

// problem turns an error into an RFC 9457 problem with a fitting status.
func problem(err error) error {
	if err == nil {
		return nil
	}
	status := http.StatusInternalServerError
	switch navicert.KindOf(err) {
	case navicert.NotFound:
		status = http.StatusNotFound
	case navicert.Invalid, navicert.Limit, navicert.Unsupported:
		status = http.StatusUnprocessableEntity
	case navicert.Conflict:
		status = http.StatusConflict
	case navicert.Unavailable:
		status = http.StatusServiceUnavailable
	}
	return huma.NewError(status, err.Error())
}

// orEmpty makes a nil slice an empty one, so that JSON says [] and not null.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
