using HpcFit.Shared.Failures;
using HpcFit.Worker.Enhancing.Connectivity;

namespace HpcFit.Worker.Tests.Enhancing;

public sealed class ConnectivityTests : IDisposable
{
    private readonly ConnectivityFolder _folder = ConnectivityFolder.Of([
        [(0, 1f), (2, 0.5f)],
        [],
        [(0, 0.25f), (1, 0.5f), (2, 1f)],
    ]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public unsafe void A_folder_is_read_as_it_was_written()
    {
        using var matrix = ConnectivityMatrix.Open(_folder.Path, 3);

        matrix.Connections.ShouldBe(5);
        matrix.IsolatedFixels.ShouldBe(1);
        var row = matrix.Row(2);
        new ReadOnlySpan<uint>(row.Fixels, row.Count).ToArray().ShouldBe([0, 1, 2]);
        new ReadOnlySpan<float>(row.Values, row.Count).ToArray().ShouldBe([0.25f, 0.5f, 1]);
    }

    [Fact]
    public void Fixels_without_connections_are_reported()
    {
        using var matrix = ConnectivityMatrix.Open(_folder.Path, 3);

        new CfeEnhancement(matrix, new())
            .Warnings.ShouldHaveSingleItem()
            .ShouldStartWith("1 of 3 fixels have no connections in '" + _folder.Path);
    }

    [Fact]
    public void The_number_of_fixels_must_be_that_of_the_data() =>
        Refusal(fixels: 4).ShouldContain("index.mif' is the index of 3 fixels; the data have 4");

    [Fact]
    public void A_folder_must_exist() =>
        Should
            .Throw<BadInputException>(() => ConnectivityMatrix.Open(_folder.File("other"), 3))
            .Message.ShouldContain("There is no folder");

    [Theory]
    [InlineData("index.mif")]
    [InlineData("fixels.mif")]
    [InlineData("values.mif")]
    public void A_missing_file_is_named(string name)
    {
        File.Delete(_folder.File(name));

        Refusal().ShouldContain($"{name}'");
    }

    [Theory]
    [InlineData("index.mif")]
    [InlineData("fixels.mif")]
    [InlineData("values.mif")]
    public void A_truncated_file_is_refused(string name)
    {
        using (var file = new FileStream(_folder.File(name), FileMode.Open))
            file.SetLength(file.Length - 1);

        var message = Refusal();
        message.ShouldContain($"{name}' is truncated");
    }

    [Fact]
    public void A_fixel_beyond_the_last_one_is_refused()
    {
        _folder.WriteFixels([0, 2, 0, 1, 3]);
        Refusal().ShouldContain("connection 2 of fixel 2 is 3; a fixel from 2 to 2, ascending, is expected");
    }

    [Theory]
    [InlineData(1u, 0u, 2u)]
    [InlineData(0u, 0u, 2u)]
    public void Unsorted_and_repeated_fixels_are_refused(uint first, uint second, uint third)
    {
        _folder.WriteFixels([0, 2, first, second, third]);
        Refusal().ShouldContain("connection 1 of fixel 2 is 0");
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(-0.5f, "-0.5")]
    [InlineData(1.5f, "1.5")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void Values_that_are_no_fractions_are_refused(float value, string text)
    {
        _folder.WriteValues([1, 0.5f, 0.25f, value, 1]);
        Refusal().ShouldContain($"values.mif' is damaged, or is not of the same folder as index.mif: connection 1 of fixel 2 is {text};");
    }

    [Fact]
    public void Connections_outside_the_files_are_refused()
    {
        _folder.WriteIndex([2, 0, 0, 0, 3, 3]);
        Refusal().ShouldContain("the 3 connections of fixel 2 start at 3, of 5 in all");
        _folder.WriteIndex([2, 0, 0, 0, 3, ulong.MaxValue]);
        Refusal().ShouldContain("of 5 in all");
        _folder.WriteIndex([2, 0, 0, 0, ulong.MaxValue, 0]);
        Refusal().ShouldContain("has 18,446,744,073,709,551,615 connections, of 3 fixels");
    }

    [Fact]
    public void Counts_that_do_not_add_up_are_refused()
    {
        _folder.WriteIndex([2, 0, 0, 0, 2, 2]);
        Refusal().ShouldContain("its fixels have 4 connections, the file 5");
    }

    [Fact]
    public void Files_of_two_matrices_are_refused()
    {
        _folder.WriteValues([1, 0.5f, 0.25f, 1]);
        Refusal().ShouldContain("has 5 connections and '" + _folder.File("values.mif") + "' 4");
    }

    [Fact]
    public void Other_types_shapes_and_layouts_are_refused()
    {
        _folder.WriteFixels([0, 2, 0, 1, 2], type: "Int32LE");
        Refusal().ShouldContain("holds samples of type Int32LE; UInt32LE is expected");
        _folder.WriteFixels([0, 2, 0, 1, 2], layout: "-0,+1,+2");
        Refusal().ShouldContain("stores its samples backwards");
        _folder.WriteFixels([0, 2, 0, 1, 2]);
        _folder.WriteValues([1, 0.5f, 0.25f, 0.5f, 1], shape: "1,5,1");
        Refusal().ShouldContain("has the shape 1 x 5 x 1; N x 1 x 1 is expected");
        _folder.WriteIndex([2, 0, 0, 0, 3, 2], type: "Int64LE");
        Refusal().ShouldContain("holds samples of type Int64; UInt64 is expected");
    }

    private string Refusal(int fixels = 3) => Should.Throw<BadInputException>(() => ConnectivityMatrix.Open(_folder.Path, fixels)).Message;
}
