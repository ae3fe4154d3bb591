/// Numbers with what is counted.
public enum CountText {
  /// A number with what is counted: "1 study", "12 studies".
  public static func of(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }

  /// "1 study", "12 studies".
  public static func studies(_ number: Int) -> String { of(number, "study", "studies") }

  /// "1 patient", "12 patients".
  public static func patients(_ number: Int) -> String { of(number, "patient", "patients") }

  /// "1 slice", "12 slices".
  public static func slices(_ number: Int) -> String { of(number, "slice", "slices") }

  /// "1 subject", "12 subjects".
  public static func subjects(_ number: Int) -> String { of(number, "subject", "subjects") }
}
