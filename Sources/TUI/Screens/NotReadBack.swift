/// Why something was not kept: its text would not have been read again, and a file that cannot be read
/// stands in the way of everything kept in it.
struct NotReadBack: Error, Equatable, CustomStringConvertible {
  var description: String { "its text could not be read back" }
}
