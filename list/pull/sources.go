package pull

import (
	"net"
	"net/url"
	"path"
	"strings"

	"navicert"
)

// Type is what the content of a file begins with.
type Type string

// The types of file.
const (
	CSV Type = "csv"
	XML Type = "xml"
)

// File is one file of a publication.
type File struct {
	Name    string // under which the list's format looks for it
	Address string
	Type    Type
}

// Source is where a list is published.
type Source struct {
	List  string // the identifier that its publications get
	Files []File // that make up one publication
	// DatedFolder: the server sends on to a folder that is named for the day of
	// publication. Of others the files state the day, or the server says when
	// they were last changed.
	DatedFolder bool
}

// MaxBytes is how large one file may be: twice OFAC's largest, the ADVANCED XML
// of 127 MB.
const MaxBytes = 256 << 20

// ofac is where OFAC's Sanctions List Service hands out its files:
// https://ofac.treasury.gov/sanctions-list-service.
const ofac = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/"

// Sources returns the official address of every list that can be pulled.
func Sources() []Source {
	return []Source{
		{List: "ofac-sdn", DatedFolder: true, Files: []File{
			{"sdn.csv", ofac + "SDN.CSV", CSV},
			{"alt.csv", ofac + "ALT.CSV", CSV},
			{"add.csv", ofac + "ADD.CSV", CSV},
			{"sdn_comments.csv", ofac + "SDN_COMMENTS.CSV", CSV},
		}},
		{List: "ofac-cons", DatedFolder: true, Files: []File{
			{"cons_prim.csv", ofac + "CONS_PRIM.CSV", CSV},
			{"cons_alt.csv", ofac + "CONS_ALT.CSV", CSV},
			{"cons_add.csv", ofac + "CONS_ADD.CSV", CSV},
			{"cons_comments.csv", ofac + "CONS_COMMENTS.CSV", CSV},
		}},
		{List: "un", Files: []File{
			{"un_consolidated.xml", "https://scsanctions.un.org/resources/xml/en/consolidated.xml", XML},
		}},
		// The token is the one that the Commission publishes for everybody.
		{List: "eu-fsf", Files: []File{
			{"xmlfullsanctionslist_1_1.xml", "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw", XML},
		}},
		{List: "uk", Files: []File{
			{"uk-sanctions-list.csv", "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.csv", CSV},
		}},
		{List: "us-csl", Files: []File{
			{"consolidated.csv", "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv", CSV},
		}},
	}
}

// At returns the source with its files at another place: a mirror. An address
// that ends in a slash is a folder, which holds the files under the names they
// have at the publisher; for a source of one file it may be the file itself.
// Only https is taken, and http from this machine.
func (s Source) At(address string) (Source, error) {
	const op = "lists pull"
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return s, navicert.Errorf(navicert.Invalid, op, s.List, "%q is no address", address).WithHint("want https://HOST/FOLDER/")
	}
	if err := secure(u); err != nil {
		return s, navicert.Errorf(navicert.Invalid, op, s.List, "%w", err)
	}
	files := make([]File, len(s.Files))
	copy(files, s.Files)
	s.Files = files
	if !strings.HasSuffix(u.Path, "/") {
		if len(files) != 1 {
			return s, navicert.Errorf(navicert.Invalid, op, s.List, "%q: it has %d files, so a folder is wanted", address, len(files)).
				WithHint("end the address with a slash")
		}
		files[0].Address = address
		return s, nil
	}
	for i := range files {
		official, err := url.Parse(files[i].Address)
		if err != nil {
			return s, navicert.Errorf(navicert.Invalid, op, s.List, "%w", err)
		}
		name := path.Base(official.Path)
		if path.Ext(name) == "" { // the address says only what to do
			name = files[i].Name
		}
		files[i].Address = u.JoinPath(name).String()
	}
	return s, nil
}

// secure refuses an address that somebody on the way could answer for.
func secure(u *url.URL) error {
	host := u.Hostname()
	ip := net.ParseIP(host)
	switch {
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && (host == "localhost" || ip != nil && ip.IsLoopback()):
		return nil
	}
	return navicert.Errorf(navicert.Invalid, "address", u.Redacted(), "only https is taken")
}
