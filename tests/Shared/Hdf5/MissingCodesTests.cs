using HpcFit.Shared.ModelArray;

namespace HpcFit.Shared.Tests.Hdf5;

/// <summary>Missing values as stored by rhdf5 2.42 and hdf5r 1.3.8.</summary>
public sealed class MissingCodesTests
{
    private const string Marked = "d.attrs['rhdf5-NA.OK'] = np.array([1], 'i4')";

    [Theory]
    [InlineData("i4", "-2**31", Marked, true, false)]
    [InlineData("i4", "-2**31", "", true, true)]
    [InlineData(">i4", "-2**31", Marked, true, false)]
    [InlineData("i8", "-2**31", Marked, true, false)]
    [InlineData("i8", "-2**63", "", true, true)]
    [InlineData("i8", "-2**31", "", false, true)]
    [InlineData("i2", "-2**15", Marked, true, true)]
    [InlineData("i2", "-2**15", "", false, false)]
    [InlineData("u1", "0", Marked, false, true)]
    [InlineData("i1", "-128", Marked + "; d.attrs['storage.mode'] = np.array([b'logical'])", true, false)]
    [InlineData("f8", "-2.0**31", Marked, false, false)]
    public void Codes_of_R_are_missing_and_unmarked_ones_are_reported(
        string type,
        string code,
        string attributes,
        bool isMissing,
        bool isNoted
    )
    {
        foreach (var options in (string[])["", ", chunks=(4, 5), compression='gzip', shuffle=True", ", chunks=(4, 5), compression='lzf'"])
        {
            using var file = new PythonFile(
                $"""
                values = np.arange(1, 81).reshape(8, 10).astype('{type}')
                values[3, 7] = {code}
                with h5py.File(path, 'w') as f:
                    d = scalar(f, 'FA', values{options})
                    {(attributes.Length > 0 ? attributes : "pass")}
                """
            );
            using var source = Reading.Open(file.Path, "FA");
            var read = Reading.Whole(source);
            double.IsNaN(read[37]).ShouldBe(isMissing, options);
            read.Count(double.IsNaN).ShouldBe(isMissing ? 1 : 0);
            read[38].ShouldBe(39);
            (source.Scalar.Missing.Note is not null).ShouldBe(isNoted);
        }
    }

    [Theory]
    [InlineData("{'FALSE': 0, 'TRUE': 1, 'NA': 2}", 1)]
    [InlineData("{'FALSE': 0, 'TRUE': 1}", 0)]
    public void An_enumeration_of_truth_values_is_read_as_0_and_1(string members, int missing)
    {
        using var file = new PythonFile(
            $"""
            values = np.arange(80).reshape(8, 10).astype('u1') % 2
            values[3, 7] = 2 if {missing} else 1
            with h5py.File(path, 'w') as f: scalar(f, 'FA', values.astype(h5py.enum_dtype({members}, basetype='u1')))
            """
        );
        using var source = Reading.Open(file.Path, "FA");
        var read = Reading.Whole(source);
        read.Count(double.IsNaN).ShouldBe(missing);
        (read[0], read[1]).ShouldBe((0, 1));
    }

    [Fact]
    public void Another_enumeration_holds_no_numbers()
    {
        using var file = new PythonFile(
            "with h5py.File(path, 'w') as f: scalar(f, 'FA', np.zeros((8, 10), h5py.enum_dtype({'LOW': 0, 'HIGH': 1}, basetype='u1')))"
        );
        ModelArrayFile.Open(file.Path).Scalars[0].Problem.ShouldNotBeNull().ShouldContain("does not contain numbers");
    }

    [Fact]
    public void A_fill_value_that_is_a_code_is_missing_too()
    {
        using var file = new PythonFile(
            """
            with h5py.File(path, 'w') as f:
                g = f.create_group('scalars/FA')
                d = g.create_dataset('values', (8, 10), 'i4', chunks=(8, 5), fillvalue=-2**31)
                d[:, :5] = 1
                g['column_names'] = np.array(names(8), dtype=object)
            """
        );
        using var source = Reading.Open(file.Path, "FA");
        Reading.Whole(source).Count(double.IsNaN).ShouldBe(40);
    }
}
