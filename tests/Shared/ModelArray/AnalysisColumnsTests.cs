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
    public void Unknown_names_are_reported_with_the_nearest_ones()
    {
        using var file = new PythonFile(TwoOrientations);
        Should.Throw<BadInputException>(() => AnalysisColumns.Open(file.Path, "by_colum")).Message.ShouldContain("'by_column'");
        using var columns = AnalysisColumns.Open(file.Path, "by_row");
        Should.Throw<BadInputException>(() => columns.IndexOf("age.estimate")).Message.ShouldContain("Age.estimate");
    }

    [Fact]
    public void A_column_without_a_name_is_an_error_that_counts()
    {
        using var file = new PythonFile(
            """
            with h5py.File(path, 'w') as f:
                f['results/lm/results_matrix'] = np.zeros((3, 4))
                f['results/lm/column_names'] = [b'element_id', b'x']
            """
        );
        Should.Throw<BadInputException>(() => AnalysisColumns.Open(file.Path, "lm")).Message.ShouldContain("3 columns and 2 column names");
    }

    [Fact]
    public void Columns_that_the_file_does_not_name_are_called_as_ModelArrayIO_calls_them()
    {
        using var file = new PythonFile(
            """
            with h5py.File(path, 'w') as f:
                f['results/lm/results_matrix'] = np.arange(44.0).reshape(11, 4)
            """
        );
        using var columns = AnalysisColumns.Open(file.Path, "lm");
        columns.HasNames.ShouldBeFalse();
        columns.Summary.ColumnNames.ShouldBe([
            .. Enumerable.Range(1, 9).Select(number => $"component00{number}"),
            "component010",
            "component011",
        ]);
        columns.Read("component011").ShouldBe([40, 41, 42, 43]);
    }
}
