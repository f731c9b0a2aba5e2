// Package ofac reads the sanctions lists of the US Treasury's Office of Foreign
// Assets Control: in the CSV form, and in three XML forms.
//
// The CSV form is a folder with one file of entries and files of aliases,
// addresses and overflowing remarks that refer to them.
//
//	sdn.csv           ent_num, name, type, program, title, call_sign, vess_type,
//	                  tonnage, GRT, flag, owner, remarks
//	alt.csv           ent_num, alt_num, aka|fka|nka, name, remarks
//	add.csv           ent_num, add_num, street, city, country, remarks
//	sdn_comments.csv  ent_num, the rest of remarks that were cut at 1,000 characters
//
// The list of those who are not blocked (sectoral and other restrictions) has
// the same four files under the names cons_prim.csv and so on. A file has no
// header row; "-0- " stands for nothing; a byte 0x1A ends it. Much of what is
// known of an entry stands in its remarks, as "Vessel Registration
// Identification IMO 9074729; MMSI 123456789; Linked To: EXAMPLE SHIPPING".
//
//	pub, entries, err := ofac.SDN().Read(ctx, list.Source{FS: os.DirFS(dir), Name: dir,
//	    Options: list.Options{Published: "2025-12-24"}})
//
// Each XML form is one file, read record by record: SDN.XML (SDNXML), in which
// an entry is one element; ADVANCED (SDNAdvanced), in which sections of
// locations, documents, parties, relationships and sanctions refer to each other
// by number; and ENHANCED (SDNEnhanced), which has the same facts with words in
// one element. All forms give the same entries under the same numbers;
// docs/lists.md says where each field comes from.
//
// # Aliases in remarks
//
// Beside the aliases of alt.csv, remarks quote further names: a.k.a. 'BNC'. For
// persons, organisations and aircraft these are what OFAC calls weak aliases:
// broad or generic names that turn up many innocents (its FAQ 122), so they are
// marked weak. For vessels they are not marked: the list of December 2025 holds
// 67 of them on 33 ships, and they are names that the hull bore (f.k.a.
// 'MARINA') or bears beside its first (a.k.a. 'MAKRAN' of IRIS MAKRAN), no more
// generic than the primary names are. A ship's name alone identifies nobody in
// any case; its IMO number does.
package ofac

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"

	"navicert"
	"navicert/list"
)

// MaxAgeDays is how old an OFAC publication may be and still show that somebody
// is not listed. OFAC has no rhythm: of nine publications from 23 July to
// 20 August 2026 the longest interval was eleven days (7 to 18 August). After
// fourteen days without a new one it is likelier that a publication was missed
// than that there was none.
const MaxAgeDays = 14

// maxFileBytes is the most that one file may decompress to: twelve times the
// largest of December 2025 (sdn.csv, 5.4 MB).
const maxFileBytes = 64 << 20

// maxXMLBytes is the most that a file of the XML forms may have: four times the
// largest (sdn_advanced.xml, 127 MB in September 2026).
const maxXMLBytes = 512 << 20

// The two lists, whatever form they come in.
const (
	sdnList   = "ofac-sdn"
	sdnTitle  = "OFAC Specially Designated Nationals and Blocked Persons List"
	consList  = "ofac-cons"
	consTitle = "OFAC Consolidated (non-SDN) List"
)

// SDN returns the format of the Specially Designated Nationals list: blocked
// persons and property.
func SDN() list.Format {
	return format{
		info: list.Info{
			Name: "ofac-sdn-csv", List: sdnList, Title: sdnTitle,
			Files: "sdn.csv, alt.csv, add.csv, sdn_comments.csv", MaxAgeDays: MaxAgeDays,
		},
		entries: "sdn.csv", aliases: "alt.csv", addresses: "add.csv", comments: "sdn_comments.csv",
		measure: list.Block,
	}
}

// Cons returns the format of the consolidated list of those who are not
// blocked: sectoral, debt, equity and correspondent account restrictions.
func Cons() list.Format {
	return format{
		info: list.Info{
			Name: "ofac-cons-csv", List: consList, Title: consTitle,
			Files: "cons_prim.csv, cons_alt.csv, cons_add.csv, cons_comments.csv", MaxAgeDays: MaxAgeDays,
		},
		entries: "cons_prim.csv", aliases: "cons_alt.csv", addresses: "cons_add.csv", comments: "cons_comments.csv",
		measure: list.Restrict,
	}
}

type format struct {
	info                                  list.Info
	entries, aliases, addresses, comments string // file names
	measure                               list.Measure
}

// Columns of the files.
const (
	entryColumns   = 12
	aliasColumns   = 5
	addressColumns = 6
	commentColumns = 2
)

func (f format) Info() list.Info { return f.info }

func (f format) Recognise(fsys fs.FS) (bool, error) {
	name, err := list.FindFile(fsys, f.entries)
	return name != "", err
}

func (f format) Read(ctx context.Context, src list.Source) (list.Publication, []list.Entry, error) {
	p := list.NewPublication(f.info, src)
	if _, err := navicert.ParseDate(string(src.Published)); err != nil {
		return p, nil, fmt.Errorf("publication date of %s: %w", src.Name, err)
	}
	set, err := f.readSet(ctx, src.FS, &p.Rejected)
	if err != nil {
		return p, nil, err
	}
	b := builder{format: f, rejected: &p.Rejected, simulated: src.Simulated, flags: map[string]navicert.Flag{}}
	entries, err := b.build(ctx, set)
	if err != nil {
		return p, nil, err
	}
	p.SHA256 = hex.EncodeToString(set.hash.Sum(nil))
	p.CountVessels(entries)
	p.Aliases, p.Addresses = len(set.aliases.rows), len(set.addresses.rows)
	return p, entries, nil
}

// set is the four files of a publication. A list without overflowing remarks
// has no file of comments.
type set struct {
	entries, aliases, addresses, comments table
	// hash is over each file's name without compression ending, its size and its
	// decompressed bytes, in this order.
	hash hash.Hash
}

func (f format) readSet(ctx context.Context, fsys fs.FS, rejected *navicert.Tally) (set, error) {
	s := set{hash: sha256.New()}
	for _, t := range []struct {
		table   *table
		name    string
		columns int
	}{
		{&s.entries, f.entries, entryColumns},
		{&s.aliases, f.aliases, aliasColumns},
		{&s.addresses, f.addresses, addressColumns},
		{&s.comments, f.comments, commentColumns},
	} {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		name, err := list.FindFile(fsys, t.name)
		if err != nil {
			return s, err
		}
		if name == "" {
			if t.table == &s.comments {
				continue // needed only if remarks are cut: the builder sees
			}
			return s, navicert.Errorf(navicert.NotFound, "list", t.name, "the folder does not hold it").
				WithHint("a publication is the files " + f.info.Files + ", each also as .gz, .zst or .zip")
		}
		data, err := list.ReadFile(fsys, name, maxFileBytes)
		if err != nil {
			return s, err
		}
		fmt.Fprintf(s.hash, "%s\n%d\n", list.PlainName(name), len(data))
		s.hash.Write(data)
		if *t.table, err = readTable(name, data, t.columns, rejected); err != nil {
			return s, err
		}
	}
	if len(s.entries.rows) == 0 {
		return s, navicert.Errorf(navicert.Invalid, "list", s.entries.name, "it holds no rows")
	}
	return s, nil
}
