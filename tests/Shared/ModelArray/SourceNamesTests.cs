using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Tests.Hdf5;

namespace HpcFit.Shared.Tests.ModelArray;

public sealed class SourceNamesTests
{
    private const string Write = """
        with h5py.File(path, 'w') as f:
            d = scalar(f, 'FA', np.zeros((3, 5)), sources=['a', 'b', 'c'])
            d.attrs['column_names'] = np.array(NAMES, 'S')
        """;

    [Theory]
    [InlineData("['b', 'a', 'c']", "name 1 is 'b' in one and 'a' in the other")]
    [InlineData("['a', 'b', 'c', 'd']", "4 and 3 names")]
    public void Names_that_differ_between_attribute_and_dataset_are_refused(string names, string expected)
    {
        using var file = new PythonFile(Write.Replace("NAMES", names, StringComparison.Ordinal));
        Should.Throw<BadInputException>(() => ModelArrayFile.Open(file.Path).Scalar("FA")).Message.ShouldContain(expected);
    }

    [Fact]
    public void Equal_names_in_two_places_are_used()
    {
        using var file = new PythonFile(Write.Replace("NAMES", "['a', 'b', 'c']", StringComparison.Ordinal));
        ModelArrayFile.Open(file.Path).Scalar("FA").SourceNames.ShouldBe(["a", "b", "c"]);
    }
}
