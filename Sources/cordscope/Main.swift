import Foundation

@main
struct Cordscope {
  static func main() {}
}
