"""Which names a piece of Python defines, and which it needs from elsewhere."""

import ast
import builtins
import symtable


def defined(source: str) -> set[str]:
    """Return the names that running `source` as a cell defines."""
    finder = _Definitions()
    finder.visit(ast.parse(source))
    return finder.names


def needed(source: str) -> set[str]:
    """Return the names that `source` reads but does not define, builtins aside."""
    module = symtable.symtable(source, "<layer>", "exec")
    read = set(_globals_read(module))
    own = {
        symbol.get_name()
        for symbol in module.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }
    return read - own - set(dir(builtins))


def _globals_read(table: symtable.SymbolTable) -> list[str]:
    here = [
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global())
    ]
    return here + [name for child in table.get_children() for name in _globals_read(child)]


class _Definitions(ast.NodeVisitor):
    """Collects names bound at the top level: functions, classes and lambdas keep theirs inside."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.names.add(node.id)

    def visit_alias(self, node: ast.alias) -> None:
        self.names.add(node.asname or node.name.partition(".")[0])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.names.add(node.name)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.names.add(node.name)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.names.add(node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self.visit(node.iter)
