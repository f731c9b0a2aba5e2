package navicert

import "strings"

// Vessel is what a user, a list or AIS says of a ship.
type Vessel struct {
	IMO      IMO          `json:"imo,omitempty"`
	MMSI     MMSI         `json:"mmsi,omitempty"`
	Name     string       `json:"name,omitempty"`
	CallSign CallSign     `json:"call_sign,omitempty"`
	Flag     Flag         `json:"flag,omitempty"`
	Kind     string       `json:"kind,omitempty"` // "oil_tanker", "bulk_carrier", …
	DWT      Opt[float64] `json:"dwt,omitzero"`   // deadweight, tonnes
}

// Tanker reports whether the vessel's kind is that of a tanker.
func (v Vessel) Tanker() bool { return strings.Contains(strings.ToLower(v.Kind), "tanker") }

// Label names the vessel for a person: its name, its IMO number, or both.
func (v Vessel) Label() string {
	switch {
	case v.Name != "" && v.IMO != 0:
		return v.Name + " (IMO " + v.IMO.String() + ")"
	case v.Name != "":
		return v.Name
	case v.IMO != 0:
		return "IMO " + v.IMO.String()
	case v.MMSI != 0:
		return "MMSI " + v.MMSI.String()
	}
	return "unnamed vessel"
}

// Party is a person or organisation behind a vessel or cargo.
type Party struct {
	Role    string `json:"role"` // owner, operator, manager, charterer, shipper, consignee, insurer, …
	Name    string `json:"name"`
	Country Flag   `json:"country,omitempty"`
}

// Cargo is what the voyage carries.
type Cargo struct {
	Kind     string       `json:"kind,omitempty"` // "crude_oil", "petroleum_products", "grain", …
	Grade    string       `json:"grade,omitempty"`
	Quantity Opt[float64] `json:"quantity,omitzero"`
	Unit     string       `json:"unit,omitempty"`

	Origin      Flag         `json:"origin,omitempty"`       // country where it was produced
	PriceUSDBbl Opt[float64] `json:"price_usd_bbl,omitzero"` // of oil: US dollars a barrel, without freight and insurance
	Attestation string       `json:"attestation,omitempty"`  // that a price cap was kept: the document, by whom and when
}

// Voyage is what a certificate is asked for. Places are UN/LOCODEs ("VEJOT")
// or "LAT,LON" in decimal degrees.
type Voyage struct {
	ID       string   `json:"id,omitempty"`
	Vessel   Vessel   `json:"vessel"`
	Parties  []Party  `json:"parties,omitempty"`
	From     string   `json:"from,omitempty"`
	To       string   `json:"to,omitempty"`
	Via      []string `json:"via,omitempty"`
	ETD      Instant  `json:"etd,omitzero"`
	ETA      Instant  `json:"eta,omitzero"`
	Cargo    Cargo    `json:"cargo,omitzero"`
	Licences []string `json:"licences,omitempty"` // identifiers of the licences relied on
}
