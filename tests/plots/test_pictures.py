import numpy as np

from dlbook.datasets.photographs import photograph
from dlbook.page.raster import rgba
from dlbook.plots.pictures import color_numbers, fit_palette, picture

IMAGE = photograph("flower")[:, 100:300:4, 200:400:4].numpy()


def test_a_palette_comes_close_to_the_photograph():
    palette = fit_palette(IMAGE.reshape(3, -1).T)
    assert palette.shape == (256, 3)
    assert palette.dtype == np.uint8
    seen = palette[color_numbers(IMAGE, palette)].transpose(2, 0, 1)
    error = np.abs(seen.astype(int) - IMAGE.astype(int)).mean()
    assert error < 4  # of 255; 2.5 was seen


def test_an_image_of_few_colors_is_exact():
    palette = np.stack([np.arange(256)] * 3, axis=1).astype(np.uint8)
    image = np.stack([np.array([[0, 17], [200, 255]])] * 3).astype(np.uint8)
    assert color_numbers(image, palette).tolist() == [[0, 17], [200, 255]]


def test_the_heat_map_shows_exactly_the_palette():
    palette = fit_palette(IMAGE.reshape(3, -1).T)
    numbers = np.arange(256).reshape(16, 16)
    trace = picture(numbers, palette)
    assert (rgba(numbers.astype(float), trace)[..., :3] == palette[numbers]).all()


def test_blank_pixels_let_the_page_show_through():
    palette = fit_palette(IMAGE.reshape(3, -1).T)
    trace = picture(np.full((2, 2), 255), palette, blank=255)
    assert (rgba(np.full((2, 2), 255.0), trace)[..., 3] == 0).all()
