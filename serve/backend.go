package serve

import (
	"context"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
	"navicert/screen"
	"navicert/track"
)

// Backend is what the server needs of the program. A zero asOf or knownAt is
// now. Errors of kind navicert.NotFound become 404, navicert.Invalid and
// navicert.Limit 422, navicert.Unavailable 503, all others 500.
type Backend interface {
	Now() time.Time
	Status(ctx context.Context) (Status, error)
	Latest(ctx context.Context, at time.Time, window time.Duration) ([]VesselNow, error)
	Vessel(ctx context.Context, mmsi navicert.MMSI, at time.Time) (VesselDetail, error)
	Track(ctx context.Context, mmsi navicert.MMSI, from, to time.Time) ([]navicert.Fix, error)
	Zones(ctx context.Context, asOf, knownAt time.Time) ([]geo.Zone, error)
	Events(ctx context.Context, f detect.Filter) ([]navicert.Event, error)
	// Feeds gives the live feeds, each with its outages that overlap [from, to), a
	// zero time not restricting it: the newest so many.
	Feeds(ctx context.Context, from, to time.Time, limit int) ([]navicert.FeedRecord, error)
	Publications(ctx context.Context) ([]list.Publication, error)
	// PullStates says how each list that was ever pulled stands with its publisher.
	PullStates(ctx context.Context) ([]list.PullState, error)
	// SubjectChanges says what the move of the lists means for the saved subjects,
	// since a publication "LIST@DATE" or, when that is empty, of every list since
	// the one before its newest.
	SubjectChanges(ctx context.Context, since string, asOf time.Time) ([]screen.Change, error)
	// View gives the lists as they stood, ready to be searched.
	View(ctx context.Context, at screen.When) (*screen.View, error)
	Check(ctx context.Context, v navicert.Voyage, asOf, knownAt time.Time) (navicert.Certificate, error)
	Certificates(ctx context.Context, since time.Time, limit int) ([]navicert.Certificate, error)
	Certificate(ctx context.Context, id string) (navicert.Certificate, error)
	// Settle records what a person settled; one settlement for each thing.
	Settle(ctx context.Context, in Settling) ([]SettlementNow, error)
	Settlements(ctx context.Context) ([]SettlementNow, error)
	// WithdrawSettlement takes a settlement back.
	WithdrawSettlement(ctx context.Context, id string, by Withdrawal) (SettlementNow, error)
}

// Status says what the installation holds.
type Status struct {
	Version   string              `json:"version"`
	Now       navicert.Instant    `json:"now" doc:"the server's clock"`
	DataFrom  navicert.Instant    `json:"data_from,omitzero" doc:"oldest position held"`
	DataTo    navicert.Instant    `json:"data_to,omitzero" doc:"newest position held"`
	Simulated bool                `json:"simulated" doc:"true when any of what is held is invented"`
	Counts    Counts              `json:"counts"`
	Rules     navicert.RulesRef   `json:"rules"`
	Sources   []navicert.Searched `json:"sources" doc:"the sources that a check now would search"`
}

// Counts is how much of each thing is held.
type Counts struct {
	Vessels      int `json:"vessels" doc:"MMSIs with a position"`
	Fixes        int `json:"fixes"`
	Events       int `json:"events"`
	Zones        int `json:"zones"`
	Publications int `json:"publications"`
	Certificates int `json:"certificates"`
}

// VesselNow is a vessel with its newest fix, for a map.
type VesselNow struct {
	MMSI           navicert.MMSI                    `json:"mmsi"`
	IMO            navicert.IMO                     `json:"imo,omitempty"`
	Name           string                           `json:"name,omitempty"`
	CallSign       navicert.CallSign                `json:"call_sign,omitempty"`
	Flag           navicert.Flag                    `json:"flag,omitempty" doc:"from the MMSI's MID"`
	ShipType       navicert.Opt[int]                `json:"ship_type,omitzero" doc:"ITU-R M.1371 code, 80-89 tanker"`
	Position       navicert.Position                `json:"position"`
	Speed          navicert.Opt[float64]            `json:"speed,omitzero" doc:"over ground, knots"`
	Course         navicert.Opt[float64]            `json:"course,omitzero" doc:"over ground, degrees true"`
	Heading        navicert.Opt[float64]            `json:"heading,omitzero" doc:"degrees true"`
	Status         navicert.Opt[navicert.NavStatus] `json:"status,omitzero" doc:"navigational status, ITU-R M.1371"`
	Time           navicert.Instant                 `json:"time" doc:"of reception"`
	TimeFrom       navicert.TimeFrom                `json:"time_from,omitempty" doc:"the clock that the time was read from"`
	TimeCheck      navicert.TimeCheck               `json:"time_check,omitempty" doc:"fits or unfit: whether it agrees with the UTC second in the message"`
	TimeUnverified bool                             `json:"time_unverified,omitempty" doc:"the clock's own checksum is wrong"`
	Station        string                           `json:"station,omitempty"`
	OtherStations  navicert.Stations                `json:"other_stations,omitempty" doc:"the other receivers of the same transmission"`
	Ref            navicert.Ref                     `json:"ref,omitzero" doc:"where it was read: the line of a table, the offset of a sentence in a file"`
	Simulated      bool                             `json:"simulated,omitempty"`
	Events         int                              `json:"events" doc:"how many events are held of it"`
	Verdict        navicert.Verdict                 `json:"verdict,omitempty" doc:"of its newest certificate"`
}

// VesselDetail is all that is known of a vessel.
type VesselDetail struct {
	Vessel       VesselNow            `json:"vessel"`
	Identities   []track.Identity     `json:"identities"`
	Events       []navicert.Event     `json:"events"`
	Certificates []CertificateSummary `json:"certificates"`
}

// CertificateSummary is one line about a certificate.
type CertificateSummary struct {
	ID       string           `json:"id"`
	Verdict  navicert.Verdict `json:"verdict"`
	VoyageID string           `json:"voyage_id,omitempty"`
	AsOf     navicert.Instant `json:"as_of"`
	IssuedAt navicert.Instant `json:"issued_at"`
}

// NewVesselNow makes the map's view of a vessel from its newest fix and
// identity.
func NewVesselNow(l track.Last) VesselNow {
	flag, _ := l.Fix.MMSI.Flag()
	return VesselNow{
		MMSI: l.Fix.MMSI, IMO: l.Identity.IMO, Name: l.Identity.Name, CallSign: l.Identity.CallSign,
		Flag: flag, ShipType: l.Identity.ShipType, Position: l.Fix.Pos,
		Speed: l.Fix.SpeedKn, Course: l.Fix.CourseDeg, Heading: l.Fix.HeadingDeg, Status: l.Fix.Status,
		Time: navicert.At(l.Fix.Time), TimeFrom: l.Fix.TimeFrom, TimeCheck: l.Fix.TimeCheck,
		TimeUnverified: l.Fix.TimeUnverified, Station: l.Fix.Station, OtherStations: l.Fix.OtherStations, Ref: l.Fix.Ref, Simulated: l.Identity.Simulated,
	}
}
