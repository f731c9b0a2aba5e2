package serve

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"navicert"
	"navicert/screen/own"
)

// The vocabulary's types read and write themselves; these say to OpenAPI what
// they look like on the wire.

type imoSchema struct{}

func (imoSchema) Schema(huma.Registry) *huma.Schema {
	return idSchema("IMO number: seven digits with a right check digit; a string may carry the word IMO", "9074729")
}

type mmsiSchema struct{}

func (mmsiSchema) Schema(huma.Registry) *huma.Schema {
	return idSchema("MMSI: nine digits; as a number, leading zeros are left out", "775123000")
}

func idSchema(description, example string) *huma.Schema {
	return &huma.Schema{
		Description: description,
		Examples:    []any{example},
		OneOf:       []*huma.Schema{{Type: huma.TypeInteger}, {Type: huma.TypeString}},
	}
}

type instantSchema struct{}

func (instantSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: "UTC time, RFC 3339; a bare date is read as midnight", Examples: []any{"2026-01-02T12:00:00Z"}}
}

type tallySchema map[string]struct {
	Count    int      `json:"count"`
	Examples []string `json:"examples,omitempty"`
}

// Names that another package's types have too get one of their own.
type (
	ownershipAnswer own.Answer
	ownershipParty  own.Party
	ownershipRule   own.Rule
	ownershipFact   own.Fact
)

// registerTypes tells the registry about the types above.
func registerTypes(r huma.Registry) {
	alias(r, navicert.IMO(0), imoSchema{})
	alias(r, navicert.MMSI(0), mmsiSchema{})
	alias(r, navicert.Instant{}, instantSchema{})
	alias(r, navicert.Tally{}, tallySchema{})
	alias(r, navicert.Stations(""), []string{})
	alias(r, navicert.Opt[float64]{}, float64(0))
	alias(r, navicert.Opt[int]{}, int(0))
	alias(r, navicert.Opt[navicert.NavStatus]{}, int(0))
	alias(r, navicert.Opt[navicert.Position]{}, navicert.Position{})
	alias(r, own.Percent(0), float64(0))
	alias(r, navicert.Opt[own.Share]{}, own.Share{})
	alias(r, own.Answer{}, ownershipAnswer{})
	alias(r, own.Party{}, ownershipParty{})
	alias(r, own.Rule{}, ownershipRule{})
	alias(r, own.Fact{}, ownershipFact{})
}

func alias(r huma.Registry, t, as any) { r.RegisterTypeAlias(reflect.TypeOf(t), reflect.TypeOf(as)) }
