//! Graph of the modules of a crate, and the circles in it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::{Kind, NamePath, Token, paths, tokens};

/// Imports between the modules of a crate: importing module, imported module, and one place of the import.
pub(crate) type Imports = BTreeMap<String, BTreeMap<String, String>>;

/// Source files of a crate by module path: `` for the root, `live::decode` for `src/live/decode.rs`.
pub(crate) fn modules(src: &Path) -> BTreeMap<String, (PathBuf, Vec<Token>)> {
    let mut found = BTreeMap::new();
    for path in rust_files(src) {
        let module = path.strip_prefix(src).unwrap().with_extension("");
        let names: Vec<_> = module.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        let root = names.len() == 1 && ["lib", "main"].contains(&names[0].as_str());
        let name = if root { String::new() } else { names.join("::") };
        let source = fs::read_to_string(&path).unwrap();
        found.insert(name, (path, tokens(&source)));
    }
    found
}

/// All Rust files in a folder and its subfolders.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Reads the imports between the modules of a crate. The declaration of a child (`mod child;`) is no import; its
/// re-export (`pub use child::Item`) is one.
pub(crate) fn imports(modules: &BTreeMap<String, (PathBuf, Vec<Token>)>) -> Imports {
    let macros = exported_macros(modules);
    let mut imports = Imports::new();
    for (module, (_, tokens)) in modules {
        let targets = imports.entry(module.clone()).or_default();
        for path in paths(tokens) {
            let Some(target) = target(module, &path, modules, &macros) else { continue };
            if target != *module {
                targets.entry(target).or_insert_with(|| format!("line {}: {}", path.line, path.names.join("::")));
            }
        }
    }
    imports
}

/// Modules that define the macros with `#[macro_export]`, which have the paths of items of the root.
fn exported_macros(modules: &BTreeMap<String, (PathBuf, Vec<Token>)>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (module, (_, tokens)) in modules {
        for window in tokens.windows(3) {
            if window[0].kind == Kind::Name && window[0].text == "macro_rules" && window[1].text == "!" {
                found.insert(window[2].text.clone(), module.clone());
            }
        }
    }
    found
}

/// Module that a path leads to, if it leads into this crate.
fn target<V>(
    module: &str,
    path: &NamePath,
    modules: &BTreeMap<String, V>,
    macros: &BTreeMap<String, String>,
) -> Option<String> {
    let mut at: Vec<&str> = module.split("::").filter(|name| !name.is_empty()).collect();
    let mut names = path.names.iter().map(String::as_str).peekable();
    if names.next_if_eq(&"crate").is_some() {
        at.clear();
        if let Some(definition) = names.peek().and_then(|name| macros.get(*name)) {
            return Some(definition.clone());
        }
    } else if names.peek() == Some(&"super") {
        while names.next_if_eq(&"super").is_some() {
            at.pop()?;
        }
    } else {
        // A path from the present scope leads into a child, or out of the crate.
        at.push(names.next()?);
        modules.get(&at.join("::"))?;
    }
    for name in names {
        at.push(name);
        if !modules.contains_key(&at.join("::")) {
            at.pop();
            break;
        }
    }
    Some(at.join("::"))
}

/// Modules that import themselves through others, each with its shortest circle.
pub(crate) fn circles(imports: &Imports) -> BTreeMap<String, Vec<String>> {
    let circles = imports.keys().filter_map(|module| Some((module.clone(), shortest(module, imports)?)));
    circles.collect()
}

/// Shortest way from a module through its imports back to it, without its repetition at the end.
fn shortest(start: &str, imports: &Imports) -> Option<Vec<String>> {
    let mut ways = VecDeque::from([vec![start.to_owned()]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for next in imports.get(way.last()?).into_iter().flat_map(BTreeMap::keys) {
            if next == start {
                return Some(way);
            }
            if seen.insert(next.clone()) {
                ways.push_back([&way[..], std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}

/// Describes a circle: a line for each import.
pub(crate) fn describe(circle: &[String], imports: &Imports) -> String {
    let name = |module: &str| if module.is_empty() { "(root)".to_owned() } else { module.to_owned() };
    let next = circle.iter().cycle().skip(1);
    let lines = circle
        .iter()
        .zip(next)
        .map(|(from, to)| format!("  {} imports {}, {}", name(from), name(to), imports[from][to]));
    lines.collect::<Vec<_>>().join("\n")
}
