package rule

import (
	"errors"
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"navicert"
)

// expr is a checked CEL expression that is ready to run.
type expr struct {
	source string
	env    *cel.Env
	ast    *cel.Ast
	run    cel.Program
}

// compile checks an expression; accept says whether its type will do, and
// want names the types that will, for the error.
func compile(env *cel.Env, source, want string, accept func(*cel.Type) bool) (*expr, error) {
	if len(source) > maxExpression {
		return nil, fmt.Errorf("the expression is longer than %d bytes", maxExpression)
	}
	ast, issues := env.Compile(source)
	if issues.Err() != nil {
		return nil, celError(issues)
	}
	if !accept(ast.OutputType()) {
		return nil, fmt.Errorf("%s is a %s, want %s", quoteExpr(source), typeName(ast.OutputType()), want)
	}
	run, err := env.Program(ast, cel.CostLimit(CostLimit), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, err
	}
	return &expr{source: source, env: env, ast: ast, run: run}, nil
}

func compileCondition(env *cel.Env, source string) (*expr, error) {
	e, err := compile(env, source, "bool", func(t *cel.Type) bool { return t.IsExactType(cel.BoolType) })
	if err != nil {
		return nil, err
	}
	return e, e.checkTimes()
}

// checkTimes refuses a condition that compares a time without asking whether
// it is known: CEL reads an unknown time as 1970, which would be before
// anything.
func (e *expr) checkTimes() error {
	rep := e.ast.NativeRep()
	asked, read := map[string]bool{}, []string{}
	ast.PreOrderVisit(rep.Expr(), ast.NewExprVisitor(func(n ast.Expr) {
		if n.Kind() != ast.SelectKind {
			return
		}
		operand, err := cel.ExprToString(n.AsSelect().Operand(), rep.SourceInfo())
		if err != nil {
			return // a part that has no text of its own is read by a part that has
		}
		path := operand + "." + n.AsSelect().FieldName()
		if n.AsSelect().IsTestOnly() {
			asked[path] = true
		} else if rep.GetType(n.ID()).IsExactType(cel.TimestampType) {
			read = append(read, path)
		}
	}))
	for _, path := range read {
		if !asked[path] {
			return fmt.Errorf("%s may be unknown: ask has(%s) too", path, path)
		}
	}
	return nil
}

// celError makes one sentence of the first of CEL's complaints.
func celError(issues *cel.Issues) error {
	errs := issues.Errors()
	if len(errs) == 0 {
		return issues.Err()
	}
	e := errs[0]
	where := fmt.Sprintf("at character %d", e.Location.Column()+1)
	if e.Location.Line() > 1 {
		where = fmt.Sprintf("in line %d, %s", e.Location.Line(), where)
	}
	message := strings.ReplaceAll(e.Message, "\n", " ")
	message = strings.ReplaceAll(message, " (in container '')", "")
	return fmt.Errorf("%s, %s of the expression", message, where)
}

// eval runs the expression.
func (e *expr) eval(a cel.Activation) (ref.Val, error) {
	v, _, err := e.run.Eval(a)
	if err != nil {
		return nil, evalError(e.source, err)
	}
	return v, nil
}

// holds runs a condition.
func (e *expr) holds(a cel.Activation) (bool, error) {
	v, err := e.eval(a)
	if err != nil {
		return false, err
	}
	b, ok := v.Value().(bool)
	if !ok {
		return false, evalError(e.source, fmt.Errorf("it gives a %s, not true or false", v.Type().TypeName()))
	}
	return b, nil
}

func evalError(source string, err error) *navicert.Error {
	var cancelled interpreter.EvalCancelledError
	if errors.As(err, &cancelled) && cancelled.Cause == interpreter.CostLimitExceeded {
		return navicert.Errorf(navicert.Limit, "rules evaluate", "", "%s costs more than %d", quoteExpr(source), CostLimit)
	}
	return navicert.Errorf(navicert.Invalid, "rules evaluate", "", "%s: %w", quoteExpr(source), err)
}

// quoteExpr shortens an expression for a message.
func quoteExpr(source string) string {
	s := []rune(strings.Join(strings.Fields(source), " "))
	if len(s) > 60 {
		s = append(s[:59], '…')
	}
	return string(s)
}

// typeName prints a CEL type without the package's name.
func typeName(t *cel.Type) string {
	return strings.ReplaceAll(cel.FormatCELType(t), "rule.", "")
}
