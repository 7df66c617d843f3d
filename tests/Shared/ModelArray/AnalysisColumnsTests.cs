using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Tests.Hdf5;

namespace HpcFit.Shared.Tests.ModelArray;

public sealed class AnalysisColumnsTests
{
    private const string TwoOrientations = """
        with h5py.File(path, 'w') as f:
            values = np.arange(12, dtype='f8').reshape(3, 4) + 0.5
            for name, matrix in (('by_column', values), ('by_row', values.T.astype('f4'))):
                g = f.create_group('results/' + name)
                g['results_matrix'] = matrix
                g['column_names'] = [b'element_id', b'Age.estimate', b'Age.p.value']
        """;

    [Theory]
    [InlineData("by_column")]
    [InlineData("by_row")]
    public void A_part_of_a_column_is_read_in_either_orientation(string analysis)
    {
        using var file = new PythonFile(TwoOrientations);
        using var columns = AnalysisColumns.Open(file.Path, analysis);
        var part = new double[2];
        columns.Read(columns.IndexOf("Age.estimate"), 1, part);
        part.ShouldBe([5.5, 6.5]);
        columns.Read("Age.p.value").ShouldBe([8.5, 9.5, 10.5, 11.5]);
    }

    [Fact]
    public void Unknown_names_are_answered_with_the_nearest()
    {
        using var file = new PythonFile(TwoOrientations);
        Should.Throw<BadInputException>(() => AnalysisColumns.Open(file.Path, "by_colum")).Message.ShouldContain("'by_column'");
        using var columns = AnalysisColumns.Open(file.Path, "by_row");
        Should.Throw<BadInputException>(() => columns.IndexOf("age.estimate")).Message.ShouldContain("Age.estimate");
    }

    [Fact]
    public void A_column_without_a_name_is_an_error_that_counts()
    {
        using var file = new PythonFile("""
            with h5py.File(path, 'w') as f:
                f['results/lm/results_matrix'] = np.zeros((3, 4))
                f['results/lm/column_names'] = [b'element_id', b'x']
            """);
        Should.Throw<BadInputException>(() => AnalysisColumns.Open(file.Path, "lm")).Message.ShouldContain("3 columns and 2 column names");
    }
}
