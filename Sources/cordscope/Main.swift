import Foundation

@main
struct Cordscope {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "journal-stress" {
      try JournalStressCommand.run(Array(arguments.dropFirst()))
    }
  }
}
