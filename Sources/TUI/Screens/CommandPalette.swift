/// The commands that can be asked for by name: those of the contexts that are valid.
enum CommandPalette {
  /// One command with all its keys in those contexts.
  struct Entry: Equatable {
    var command: Command
    var keys: [KeyPress]
    var text: String
  }

  /// The commands that fit what is typed, the best first: those whose word begins with it, those of
  /// which a later part does, those whose word or description holds it, those whose word has its
  /// letters in order.
  static func entries(_ text: String, in contexts: [KeyContext], _ keys: KeyMap) -> [Entry] {
    let ranked = all(in: contexts, keys).enumerated().compactMap { place, entry in
      rank(text, entry).map { (rank: $0, place: place, entry: entry) }
    }
    return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.entry)
  }

  /// Every command once, without the list itself.
  private static func all(in contexts: [KeyContext], _ keys: KeyMap) -> [Entry] {
    var entries: [Entry] = []
    for context in contexts {
      for binding in keys.bindings where binding.context == context && binding.command != .palette {
        if let known = entries.firstIndex(where: { $0.command == binding.command }) {
          entries[known].keys += binding.keys
        } else {
          entries.append(
            Entry(command: binding.command, keys: binding.keys, text: binding.text))
        }
      }
    }
    return entries
  }

  /// How well a command fits, 0 the best; `nil` where it does not.
  private static func rank(_ text: String, _ entry: Entry) -> Int? {
    let typed = text.lowercased().split(separator: " ").joined(separator: " ")
    let (word, query) = (entry.command.word, typed.replacing(" ", with: "-"))
    if word.hasPrefix(query) { return query == word ? 0 : 1 }
    if word.contains("-" + query) { return 2 }
    if word.contains(query) || entry.text.lowercased().contains(typed) { return 3 }
    return hasLetters(query, inOrderIn: word) ? 4 : nil
  }

  private static func hasLetters(_ query: String, inOrderIn word: String) -> Bool {
    var rest = Substring(word)
    for letter in query {
      guard let found = rest.firstIndex(of: letter) else { return false }
      rest = rest[rest.index(after: found)...]
    }
    return true
  }
}
