using System.Text;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Tests.Cohort;

public sealed class ForeignFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-cohort-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("\u0089HDF\r\n\u001a\n", "an HDF5 file")]
    [InlineData("\u001f\u008b\u0008", "gunzip")]
    [InlineData("PK\u0003\u0004", "save the table as CSV")]
    [InlineData("\u00d0\u00cf\u0011\u00e0", "old Excel")]
    public void A_file_of_another_kind_is_named(string start, string words)
    {
        var file = Path.Combine(_folder, "cohort.csv");
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(start));
        Should
            .Throw<BadInputException>(() => CohortTable.Read(file))
            .Message.ShouldSatisfyAllConditions(
                message => message.ShouldContain(file),
                message => message.ShouldContain(words),
                message => message.ShouldContain("a CSV or TSV file was expected")
            );
    }

    [Fact]
    public void A_folder_and_a_missing_file_are_named()
    {
        Should.Throw<BadInputException>(() => CohortTable.Read(_folder)).Message.ShouldContain("is a folder");
        Should.Throw<BadInputException>(() => CohortTable.Read(Path.Combine(_folder, "nowhere.csv"))).Message.ShouldContain("nowhere.csv");
    }
}
