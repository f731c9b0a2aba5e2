package rule

import (
	"fmt"
	"reflect"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/ext"
)

// CostLimit bounds the work of one expression, in CEL's cost units (about one
// per value looked at). A pack's expression over a thousand list entries costs
// a few thousand.
const CostLimit = 1_000_000

// maxNesting bounds exists() inside exists(): each level multiplies the work.
const maxNesting = 3

// forEachNames lists the facts that for_each takes, for messages.
const forEachNames = "hits, holdings, events, zones, incidents, licences, sources, parties"

var (
	hitType      = cel.ObjectType("rule.Hit")
	holdingType  = cel.ObjectType("rule.Holding")
	eventType    = cel.ObjectType("rule.Event")
	zoneType     = cel.ObjectType("rule.Zone")
	incidentType = cel.ObjectType("rule.Incident")
	licenceType  = cel.ObjectType("rule.Licence")
	sourceType   = cel.ObjectType("rule.Source")
	partyType    = cel.ObjectType("rule.Party")
	vesselType   = cel.ObjectType("rule.Vessel")
	voyageType   = cel.ObjectType("rule.Voyage")
	routeType    = cel.ObjectType("rule.Route")
	cargoType    = cel.ObjectType("rule.Cargo")
)

// element returns the name under which a rule for each of a list of facts sees
// the one at hand, and its type; ok is false when the list is not one of the
// facts.
func element(forEach string) (name string, t *cel.Type, ok bool) {
	switch forEach {
	case "hits":
		return "hit", hitType, true
	case "holdings":
		return "holding", holdingType, true
	case "events":
		return "event", eventType, true
	case "zones":
		return "zone", zoneType, true
	case "incidents":
		return "incident", incidentType, true
	case "licences":
		return "licence", licenceType, true
	case "sources":
		return "source", sourceType, true
	case "parties":
		return "party", partyType, true
	}
	return "", nil, false
}

// baseEnv is what every rule sees, refusing rules included. Environments are
// immutable; extending one makes another.
var baseEnv = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.CrossTypeNumericComparisons(true), // event.hours > 12
		cel.DefaultUTCTimeZone(true),
		cel.EnableMacroCallTracking(), // so that Explain can print exists() as written
		cel.ParserExpressionSizeLimit(maxExpression),
		cel.ASTValidators(
			cel.ValidateComprehensionNestingLimit(maxNesting),
			cel.ValidateDurationLiterals(),
			cel.ValidateTimestampLiterals(),
			cel.ValidateRegexLiterals(),
			cel.ValidateHomogeneousAggregateLiterals(),
		),
		ext.NativeTypes(
			ext.ParseStructTags(true),
			reflect.TypeFor[Vessel](), reflect.TypeFor[Party](), reflect.TypeFor[Voyage](), reflect.TypeFor[Route](), reflect.TypeFor[Cargo](),
			reflect.TypeFor[Hit](), reflect.TypeFor[Holding](), reflect.TypeFor[Event](), reflect.TypeFor[Zone](), reflect.TypeFor[Incident](),
			reflect.TypeFor[Licence](), reflect.TypeFor[Source](),
		),
		ext.Strings(),
		ext.Sets(),
		cel.Variable("now", cel.TimestampType),
		cel.Variable("vessel", vesselType),
		cel.Variable("parties", cel.ListType(partyType)),
		cel.Variable("voyage", voyageType),
		cel.Variable("route", routeType),
		cel.Variable("cargo", cargoType),
		cel.Variable("hits", cel.ListType(hitType)),
		cel.Variable("holdings", cel.ListType(holdingType)),
		cel.Variable("zones", cel.ListType(zoneType)),
		cel.Variable("incidents", cel.ListType(incidentType)),
		cel.Variable("licences", cel.ListType(licenceType)),
		cel.Variable("sources", cel.ListType(sourceType)),
		cel.Function(
			"covers",
			covers("cargo", cargoType, func(l *Licence, v ref.Val) ref.Val { return apply(v, l.CoversCargo) }),
			covers("voyage", voyageType, func(l *Licence, v ref.Val) ref.Val { return apply(v, l.CoversVoyage) }),
			covers("vessel", vesselType, func(l *Licence, v ref.Val) ref.Val { return apply(v, l.CoversVessel) }),
			covers("parties", cel.ListType(partyType), func(l *Licence, v ref.Val) ref.Val {
				parties, ok := native[Party](v)
				if !ok {
					return types.MaybeNoSuchOverloadErr(v)
				}
				return types.Bool(l.CoversParties(parties))
			}),
		),
		cel.Function("utc", cel.Overload("utc_timestamp", []*cel.Type{cel.TimestampType}, cel.StringType, // for texts
			cel.UnaryBinding(func(v ref.Val) ref.Val {
				if _, ok := v.(types.Timestamp); !ok {
					return types.MaybeNoSuchOverloadErr(v)
				}
				return types.String(display(v))
			}))),
	)
})

// covers makes one overload of licence.covers(…).
func covers(what string, t *cel.Type, f func(*Licence, ref.Val) ref.Val) cel.FunctionOpt {
	return cel.MemberOverload(
		"licence_covers_"+what, []*cel.Type{licenceType, t}, cel.BoolType,
		cel.BinaryBinding(func(l, v ref.Val) ref.Val {
			licence, ok := one[Licence](l)
			if !ok {
				return types.MaybeNoSuchOverloadErr(l)
			}
			return f(licence, v)
		}),
	)
}

func apply[T any](v ref.Val, f func(*T) bool) ref.Val {
	t, ok := one[T](v)
	if !ok {
		return types.MaybeNoSuchOverloadErr(v)
	}
	return types.Bool(f(t))
}

// one returns the fact that a CEL value stands for.
func one[T any](v ref.Val) (*T, bool) {
	switch t := v.Value().(type) {
	case *T:
		return t, t != nil
	case T:
		return &t, true
	}
	return nil, false
}

// native returns the facts of a CEL list.
func native[T any](v ref.Val) ([]T, bool) {
	list, ok := v.(traits.Lister)
	if !ok {
		return nil, false
	}
	var out []T
	for it := list.Iterator(); it.HasNext() == types.True; {
		t, ok := one[T](it.Next())
		if !ok {
			return nil, false
		}
		out = append(out, *t)
	}
	return out, true
}

// envs makes the environments of one pack: the base with its figures, and
// from there what the kind of rule may see.
type envs struct {
	figures []cel.EnvOption
	made    map[string]*cel.Env
}

func newEnvs(figures map[string]Figure) *envs {
	e := &envs{made: map[string]*cel.Env{}}
	for _, name := range sortedKeys(figures) {
		if f := figures[name]; len(f.Values) == 0 {
			e.figures = append(e.figures, cel.Constant(figurePrefix+name, cel.DoubleType, types.Double(f.Value)))
		} else {
			e.figures = append(e.figures, cel.Variable(figurePrefix+name, cel.DoubleType)) // by the day; see activation
		}
	}
	return e
}

// get returns the environment of a rule: refusing rules have no events, and
// lifting conditions have the licence at hand.
func (e *envs) get(refuses bool, forEach string, lifting bool) (*cel.Env, error) {
	key := fmt.Sprint(refuses, forEach, lifting)
	if env := e.made[key]; env != nil {
		return env, nil
	}
	base, err := baseEnv()
	if err != nil {
		return nil, err
	}
	opts := slices.Clone(e.figures)
	if !refuses {
		opts = append(opts, cel.Variable("events", cel.ListType(eventType)))
	}
	if name, t, ok := element(forEach); ok {
		opts = append(opts, cel.Variable(name, t))
	}
	if lifting {
		opts = append(opts, cel.Variable("licence", licenceType))
	}
	env, err := base.Extend(opts...)
	if err != nil {
		return nil, err
	}
	e.made[key] = env
	return env, nil
}
